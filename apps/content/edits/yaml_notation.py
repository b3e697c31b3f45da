"""Writes values as YAML headers have them, so that readers of YAML 1.1 and 1.2 agree. Pure.

A list or map is written in brackets on one line; a text keeps its kind of quotes or block.
"""

import re
from datetime import date
from typing import Any, Final

from apps.content.edits.folding import refolded
from apps.content.edits.notation import Manner, moment, quotes_dates
from apps.content.edits.quoting import UNSAFE, quoted
from apps.content.edits.spans import Node
from apps.content.edits.yaml_spans import yaml_spans

_WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", ".nan"))
_NUMBER_LIKE: Final = re.compile(r"[-+.\d][\d_,:.xXoObBa-fA-FTtZz+\- ]*|[-+.]+[iI].*")
_INDICATORS: Final = "-?:,[]{}#&*!|>'\"%@`~=<"
_BREAKS_PLAIN: Final = re.compile(r":(?:\s|$)|\s#")
_BREAKS_FLOW: Final = re.compile(r"[,\[\]{}]|:[\"']")
_HEADER: Final = re.compile(r"([|>])([-+]?)(?=[ \t\n])(.*)")


class Yaml:
    equals: tuple[str, ...] = (": ",)
    moments = True

    def spans(self, text: str) -> Node:
        return yaml_spans(text)

    def name(self, name: str) -> str:
        return name if _plain_safe(name, flow=True) else quoted(name)

    def write(self, value: Any, manner: Manner) -> str:
        if isinstance(value, dict | list):
            return self._flow(value, Manner(manner.style, flow=True))
        if isinstance(value, str):
            return _text(value, manner)
        if isinstance(value, date):
            return _date(value, manner)
        return _number(value) if isinstance(value, float) else _word(value, manner.written)

    def _flow(self, value: Any, manner: Manner) -> str:
        if isinstance(value, list):
            return f"[{', '.join(self.write(item, manner) for item in value)}]"
        fields = (f"{self.name(key)}: {self.write(v, manner)}" for key, v in value.items())
        return f"{{{', '.join(fields)}}}"


def _date(value: date, manner: Manner) -> str:
    if quotes_dates(manner):
        return _text(value.isoformat(), manner)
    return moment(value, manner.written)


def _word(value: Any, written: str) -> str:
    """`True` and `TRUE` where the word before it was written so."""
    text = {True: "true", False: "false", None: "null"}.get(value, "") if _is_word(value) else ""
    if text and written.lower() in ("true", "false", "null"):
        return text.upper() if written.isupper() else text.title() if written.istitle() else text
    return text or str(value)


def _is_word(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _number(value: float) -> str:
    """YAML 1.1 takes only what has a point for a number with an exponent."""
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")


def _text(text: str, manner: Manner) -> str:
    if manner.style not in ("|", ">"):
        return refolded(_line(text, manner), manner.written)
    header = _HEADER.match(manner.written)
    if header and (block := _block(text, manner, header)):
        return block
    comment = manner.written.partition("\n")[0][1:].lstrip("+-0123456789").rstrip()
    return _line(text, Manner()) + comment


def _line(text: str, manner: Manner) -> str:
    if manner.style == "'" and not UNSAFE.search(text):
        return "'" + text.replace("'", "''") + "'"
    if manner.style != '"' and _plain_safe(text, flow=manner.flow):
        return text
    return quoted(text)


def _plain_safe(text: str, *, flow: bool) -> bool:
    return not (
        not text
        or text != text.strip()
        or text[0] in _INDICATORS
        or text.lower() in _WORDS
        or UNSAFE.search(text)
        or _NUMBER_LIKE.fullmatch(text)
        or _BREAKS_PLAIN.search(text)
        or (flow and _BREAKS_FLOW.search(text))
    )


def _block(text: str, manner: Manner, header: re.Match[str]) -> str:
    """Empty where a block cannot hold the text as it is."""
    body = text.rstrip("\n")
    kept = len(text) - len(body)
    lines = body.split("\n")
    if not body or lines[0][:1] in ("", " ") or UNSAFE.search(body.replace("\n", "")):
        return ""
    chomp = header[2] if _chomps(header[2], kept) else {0: "-", 1: ""}.get(kept, "+")
    blank = "\n" * (kept - 1) if chomp == "+" else ""
    if header[1] == "|":
        written = "\n".join(manner.indent + line if line else "" for line in lines)
    else:
        written = _folded(lines, manner)
    return written and f"{header[1]}{chomp}{header[3]}\n{written}{blank}"


def _folded(lines: list[str], manner: Manner) -> str:
    """Where a break reads as a space, and two as a break."""
    if any(line[:1] in ("", " ") or line.endswith(" ") for line in lines):
        return ""
    if len(lines) > 1:
        return f"\n\n{manner.indent}".join(["", *lines]).removeprefix("\n\n")
    return manner.indent + refolded(lines[0], manner.written.partition("\n")[2].lstrip(" "))


def _chomps(chomp: str, kept: int) -> bool:
    """Whether a block with that indicator reads as a text with so many line breaks at its end."""
    return {"-": kept == 0, "": kept == 1, "+": kept > 0}[chomp]
