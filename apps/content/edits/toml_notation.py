"""Writes values as TOML headers have them, a table or list always on one line. Pure."""

import re
from datetime import date
from typing import Any

from apps.content.edits.fields import refused
from apps.content.edits.notation import Manner, moment, quotes_dates
from apps.content.edits.quoting import UNSAFE, escaped, quoted
from apps.content.edits.spans import Node
from apps.content.edits.toml_spans import toml_spans

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Toml:
    equals: tuple[str, ...] = (" = ", "=")
    moments = True

    def spans(self, text: str) -> Node:
        return toml_spans(text)

    def name(self, name: str) -> str:
        return name if _BARE.fullmatch(name) else quoted(name)

    def write(self, value: Any, manner: Manner) -> str:
        if isinstance(value, dict):
            fields = (f"{self.name(key)} = {self.write(v, manner)}" for key, v in value.items())
            return f"{{ {', '.join(fields)} }}" if value else "{}"
        if isinstance(value, list):
            return f"[{', '.join(self.write(item, manner) for item in value)}]"
        if isinstance(value, str):
            return _text(value, manner)
        if isinstance(value, date):
            return _date(value, manner)
        return _plain(value)


def _date(value: date, manner: Manner) -> str:
    if quotes_dates(manner):
        return _text(value.isoformat(), manner)
    return moment(value, manner.written)


def _plain(value: Any) -> str:
    if value is None:
        raise refused("TOML has no empty value; remove the field instead")
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _text(text: str, manner: Manner) -> str:
    plain = not UNSAFE.search(text.replace("\t", ""))
    if manner.style == "'" and plain and "'" not in text:
        return f"'{text}'"
    if manner.style in ('"""', "'''"):
        return _lines(text, manner)
    return quoted(text)


def _lines(text: str, manner: Manner) -> str:
    """The line break behind the opening quotes is not of the text."""
    first = "\n" if manner.written[3:4] == "\n" or text.startswith("\n") else ""
    odd = UNSAFE.search(text.replace("\t", "").replace("\n", ""))
    if manner.style == "'''" and not odd and "'''" not in text and not text.endswith("'"):
        return f"'''{first}{text}'''"
    body = escaped(text, keep='\t\n"').replace('"""', r"\"\"\"")
    if body.endswith('"'):
        body = body[:-1] + r"\""
    return f'"""{first}{body}"""'
