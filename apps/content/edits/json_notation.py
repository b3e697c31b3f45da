"""Writes values as JSON headers have them. Pure."""

import json
from typing import Any

from apps.content.edits.bracket_spans import Scanner
from apps.content.edits.fields import as_read
from apps.content.edits.notation import Manner
from apps.content.edits.spans import Node


class Json:
    equals: tuple[str, ...] = (": ", ":", " : ")
    moments = False

    def spans(self, text: str) -> Node:
        return Scanner(text, ":").value()

    def name(self, name: str) -> str:
        return json.dumps(name, ensure_ascii=False)

    def write(self, value: Any, manner: Manner) -> str:
        ascii_alone = manner.written.isascii() and "\\u" in manner.written
        return json.dumps(as_read(value), ensure_ascii=ascii_alone)
