"""Hostile text on its way to logs and people: one short line, and nothing a terminal obeys."""

from apps.extensions.limits import MESSAGE_CHARACTERS


def readable(message: str) -> str:
    """Control characters are escaped by hand: a confined worker cannot load a codec for it."""
    shown = message[:MESSAGE_CHARACTERS]
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in shown)
