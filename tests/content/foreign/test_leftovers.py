import pytest

from apps.content.foreign.files import LayoutName
from apps.content.foreign.leftovers import known_by, programs


@pytest.mark.parametrize(
    ("layout", "names", "expected"),
    [
        ("hugo", {"hugo.yaml", "content"}, "there is hugo.yaml"),
        ("hugo", {"config", "content"}, "there is config/_default/"),
        ("jekyll", {"_config.yml"}, "there is _config.yml"),
        ("jekyll", {"_posts"}, "there is _posts/"),
        ("plain", {"README.md"}, "it looks like no other layout"),
    ],
)
def test_the_owner_is_told_by_what_the_layout_was_known(
    layout: LayoutName, names: set[str], expected: str
) -> None:
    assert known_by(layout, frozenset(names), configured=False) == expected
    assert known_by(layout, frozenset(names), configured=True) == "config.toml says so"


def test_only_what_the_other_system_runs_is_left_over() -> None:
    names = frozenset(("_layouts", "_posts", "Gemfile", "layouts", "content"))
    assert programs("jekyll", names) == ("_layouts", "Gemfile")
    assert programs("hugo", names) == ("layouts",)
    assert programs("plain", names) == ()
