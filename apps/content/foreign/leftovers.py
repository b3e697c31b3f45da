"""What of another system's site nothing here stands for, and how its layout was known. Pure."""

from collections.abc import Mapping
from typing import Final

from apps.content.foreign.files import FOLDER, HUGO, HUGO_OLD, JEKYLL, LayoutName

OURS: Final = "config.toml"
PROGRAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "hugo": ("archetypes", "assets", "data", "i18n", "layouts", "themes", "go.mod"),
    "jekyll": ("_data", "_includes", "_layouts", "_plugins", "_sass", "Gemfile"),
    "zola": ("sass", "templates", "themes"),
}
"""Entries of the top folder that only that system can use."""


def programs(layout: LayoutName, names: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in PROGRAMS.get(layout, ()) if name in names)


def known_by(layout: LayoutName, names: frozenset[str], *, configured: bool) -> str:
    """In words for the site's owner."""
    if configured:
        return f"{OURS} says so"
    if layout == "zola":
        return f"{OURS} has base_url, and there is a folder content/"
    if layout == "hugo":
        named = next((name for name in (*HUGO, *HUGO_OLD) if name in names), FOLDER)
        return f"there is {named}"
    if layout == "jekyll":
        return f"there is {next((name for name in JEKYLL if name in names), '_posts/')}"
    if layout == "whispercms":
        return f"{OURS} has the table [whispercms]"
    return "it looks like no other layout"
