"""The bundled demo site is whole: what it names is there."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.themes.stage import THEMES

DEMO = Path(__file__).parents[2] / "whispercms" / "demo"
CONTENT = DEMO / "content"
PROSE = sorted(path for path in CONTENT.rglob("*") if path.suffix in {".md", ".html"})
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:)([^)\s#]+)\)")


def test_the_themes_it_mounts_are_bundled() -> None:
    table = tomllib.loads((DEMO / "config.toml").read_text())["whispercms"]
    assert table["title"] and table["description"]
    for theme in table["themes"]:
        assert (THEMES / theme["id"] / "theme.toml").is_file()


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(DEMO)))
def test_links_and_pictures_lead_to_files(path: Path) -> None:
    for picture, words, target in LINK.findall(path.read_text()):
        root = DEMO if target.startswith("/") else path.parent
        assert (root / target.lstrip("/")).is_file(), target
        assert words or not picture, f"{target} needs a text for those who cannot see it"


def test_every_front_matter_and_markup_is_shown() -> None:
    starts = {path.read_text()[:3].strip() for path in PROSE}
    assert {"---", "+++", "{"} <= {start if start[0] != "{" else "{" for start in starts}
    assert {path.suffix for path in CONTENT.rglob("*.*")} >= {".md", ".html", ".json", ".svg"}
