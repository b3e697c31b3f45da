"""The plain kinds of values that a setting may have, from TOML or as text from the environment."""

import re

from whispercms.settings_file import SettingsError

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def boolean(value: object, place: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise SettingsError(place, f"{value!r} is neither true nor false", "Use 1 or 0")


def integer(value: object, bounds: tuple[int, int], place: str) -> int:
    low, high = bounds
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise SettingsError(place, f"{value!r} is out of range", f"Use a number from {low} to {high}")


def texts(value: object, place: str, what: str, example: str) -> tuple[str, ...]:
    """A list, or in the environment one text with commas between; `what` they are, in plural."""
    names = value.split(",") if isinstance(value, str) else value
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(name.strip() for name in names if name.strip())
    raise SettingsError(place, f"is not a list of {what}", f"Write {example}")


def choice(value: object, known: tuple[str, ...], place: str) -> str:
    if isinstance(value, str) and value.strip() in known:
        return value.strip()
    raise SettingsError(place, f"{value!r} is not one of them", f"Use {' or '.join(known)}")
