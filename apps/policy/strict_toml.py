"""Reads a TOML file of the site within bounds of time and depth. Pure."""

import re
import tomllib
from typing import Any, Final

from apps.policy.limits import FLAW_CHARACTERS, KEY_PARTS

# tomllib takes time by the square of a dotted key's parts.
_DOTTED: Final = re.compile(
    r"(?<![\w\-\"'.])(?:(?:[\w\-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)" + f"{{{KEY_PARTS}}}"
)


class TomlUnreadable(ValueError):
    """Says why."""


def read_toml(text: str) -> dict[str, Any]:
    """Raises TomlUnreadable."""
    if _DOTTED.search(text):
        raise TomlUnreadable(f"a key has over {KEY_PARTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise TomlUnreadable("values nest too deep") from None
    except ValueError as error:
        raise TomlUnreadable(f"it is no TOML: {error}"[:FLAW_CHARACTERS]) from None
