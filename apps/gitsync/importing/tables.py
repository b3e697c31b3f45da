"""Menus as they stand in `config.toml`: a table for each line, at the end of the file. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from apps.content.configuration import TABLE
from apps.content.flaws import FlawError
from apps.content.strict import read_toml

HIGHEST: Final = 0xFFFF
Menus = Mapping[str, Sequence[Mapping[str, Any]]]


def with_menus(config: bytes, menus: Menus) -> bytes | None:
    """None where the file is written in a way that no table can be put behind."""
    try:
        text = config.decode()
        before = read_toml(text)
        made = "\n".join([text.rstrip("\n"), *_lines(menus)]) + "\n"
        after = read_toml(made)
    except (UnicodeDecodeError, FlawError):
        return None
    table = before.get(TABLE, {})
    there = table.get("menus", {})
    wanted = {**before, TABLE: {**table, "menus": {**there, **menus}}}
    return made.encode() if after == wanted else None


def _lines(menus: Menus) -> list[str]:
    found: list[str] = []
    for name, lines in menus.items():
        for line in lines:
            found += ["", f"[[{TABLE}.menus.{_value(name)}]]"]
            found += [f"{key} = {_value(value)}" for key, value in line.items()]
    return found


def _value(value: Any) -> str:
    """As TOML writes texts: JSON's quotes, and other words for what is not printable."""
    if isinstance(value, int):
        return str(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c == " " or c.isprintable() else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > HIGHEST else f"\\u{code:04x}"
