"""The bundled theme's colours can be read in both schemes, and its sheet loads nothing."""

import re
import tomllib

import pytest

from tests.tables import each_of
from tests.themes import stage

THEME = stage.THEMES / "plain"
SHEET = (THEME / "assets" / "style.css").read_text()
TOKEN = re.compile(r"--([a-z]+): (#[0-9a-f]{6});")
DARK = re.compile(r"@media screen and \(prefers-color-scheme: dark\) \{\n  :root \{(.*?)\}", re.S)
ACCENTS = tomllib.loads((THEME / "theme.toml").read_text())["settings"]["accent"]["choices"]
TEXTS = ["ink", "quiet", "note", "tip", "important", "warning", "caution", *ACCENTS]


def tokens(scheme: str) -> dict[str, str]:
    dark = DARK.search(SHEET)
    assert dark
    light = SHEET[SHEET.index(":root") : dark.start()]
    return dict(TOKEN.findall(dark[1] if scheme == "dark" else light))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@each_of("scheme", ["light", "dark"])
@each_of("ground", ["page", "surface"])
@each_of("text", TEXTS)
def test_text_can_be_read_on_its_ground(scheme: str, ground: str, text: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marked_and_selected_text_can_be_read(scheme: str) -> None:
    assert contrast(tokens(scheme)["ink"], tokens(scheme)["mark"]) >= 4.5


def test_both_schemes_define_the_same_colours() -> None:
    assert tokens("light").keys() == tokens("dark").keys()


def test_the_browser_frame_has_the_colours_of_the_page() -> None:
    base = (THEME / "templates" / "base.html").read_text()
    for scheme in ("light", "dark"):
        colour = tokens(scheme)["page"]
        assert f'content="{colour}" media="(prefers-color-scheme: {scheme})"' in base


def test_every_accent_has_a_colour() -> None:
    for accent in ACCENTS:
        assert accent == "pine" or f".accent-{accent} {{ --accent: var(--{accent}); }}" in SHEET


def test_every_variable_in_use_is_defined() -> None:
    assert set(re.findall(r"var\(--([a-z]+)", SHEET)) <= set(re.findall(r"--([a-z]+):", SHEET))


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    assert "url(" not in SHEET and "@import" not in SHEET and "@font-face" not in SHEET
