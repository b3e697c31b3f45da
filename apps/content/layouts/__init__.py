"""How repositories are laid out: ours, and those of other systems."""

from apps.content.layouts.placement import (
    POLICIES,
    asset_url,
    markup,
    meaning,
    place,
    role,
    term_slug,
    turns_out,
)
from apps.content.layouts.rules import MARKUP, RULES, LeftOut, Meaning, Placement, Role

__all__ = [
    "MARKUP",
    "POLICIES",
    "RULES",
    "LeftOut",
    "Meaning",
    "Placement",
    "Role",
    "asset_url",
    "markup",
    "meaning",
    "place",
    "role",
    "term_slug",
    "turns_out",
]
