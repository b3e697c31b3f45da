"""A document as an edit sees it: what was read from it, and where its header and body stand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.content.bounds import check_size
from apps.content.edits.fields import EditError, canonical
from apps.content.edits.written import Splice, Written, read_written
from apps.content.flaws import FlawError
from apps.content.frontmatter import NONE, Parts, split
from apps.content.strict import read_json, read_toml
from apps.content.strict_yaml import read_yaml

READERS: Final = {"yaml": read_yaml, "toml": read_toml, "json": read_json}
NEW: Final = {"yaml": "---\n---\n", "toml": "+++\n+++\n", "json": "{}\n"}


@dataclass(frozen=True, slots=True)
class EditedDocument:
    """`start` and `end` are offsets of the header between its fences, `body` that of the body. A
    file that is all header stands `alone`."""

    written: Written
    front: dict[str, Any]
    format: str
    start: int
    end: int
    body: int
    alone: bool = False

    @property
    def text(self) -> str:
        return self.written.text

    @property
    def header(self) -> str:
        return self.text[self.start : self.end]

    def line(self, at: int) -> int:
        """In the file, of an offset in the header."""
        return self.text.count("\n", 0, self.start + at) + 1

    def spliced(self, splices: Iterable[Splice]) -> "EditedDocument":
        """`splices` are of the header. What was read stays what it was."""
        moved = [Splice(s.start + self.start, s.end + self.start, s.text) for s in splices]
        written = self.written.spliced(moved)
        grown = len(written.text) - len(self.text)
        return replace(self, written=written, end=self.end + grown, body=self.body + grown)

    def reading(self, front: dict[str, Any]) -> "EditedDocument":
        """The same, if `front` is what is read from its header now. Raises EditError."""
        parts = self._read(self.text[: self.body])
        if parts.body or parts.format != self.format or not _same(parts.front, front):
            raise EditError("edit.unsure", 0, "what would be read back is not what was asked for")
        return replace(self, front=front)

    def with_body(self, body: str) -> "EditedDocument":
        """Raises EditError where the body would be read as a header."""
        above = self.text[: self.body]
        opening = "\n" if above and body and not above.endswith("\n") else ""
        splice = Splice(self.body, len(self.text), opening + body)
        return replace(self, written=self.written.spliced([splice]))

    def confirm(self, body: str) -> None:
        """Raises EditError where anything but the front matter and `body` would be read back."""
        parts = self._read(self.text)
        if parts.format != self.format or parts.body != body or not _same(parts.front, self.front):
            reason = "the text would be read as a header; begin it with an empty line"
            raise EditError("edit.body", 1, reason)

    def _read(self, text: str) -> Parts:
        return _read_alone(text, self.format) if self.alone else _read(text)


def read_edited(content: str | bytes, alone: str | None = None) -> EditedDocument:
    """`alone` is the format of a file that is all header. Raises EditError for one whose header
    cannot be read."""
    written = read_written(content)
    if alone:
        return _edited_alone(written, alone)
    parts = _read(written.text)
    body = len(written.text) - len(parts.body)
    start, end = _header(written.text, parts.format, body)
    return EditedDocument(written, parts.front, parts.format, start, end, body)


def _edited_alone(written: Written, format: str) -> EditedDocument:
    if format == "json" and not written.text.strip():
        written = written.spliced([Splice(0, len(written.text), NEW[format])])
    text, parts = written.text, _read_alone(written.text, format)
    start, end = 0, len(text)
    if format == "json":
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return EditedDocument(written, parts.front, format, start, end, len(text), alone=True)


def with_header(document: EditedDocument, format: str) -> EditedDocument:
    """With an empty header, where there is none."""
    if document.format != NONE:
        return document
    made = document.written.spliced([Splice(0, 0, NEW[format])])
    body = len(NEW[format])
    start, end = _header(made.text, format, body)
    return EditedDocument(made, {}, format, start, end, body)


def _read_alone(text: str, format: str) -> Parts:
    try:
        check_size(text)
        return Parts("", READERS[format](text), format)
    except FlawError as error:
        raise EditError(error.code, max(error.line, 1), error.reason) from None


def _read(text: str) -> Parts:
    try:
        check_size(text)
    except FlawError as error:
        raise EditError(error.code, error.line, error.reason) from None
    parts = split(text)
    for flaw in parts.flaws:
        raise EditError(flaw.code, flaw.line, flaw.reason)
    return parts


def _header(text: str, format: str, body: int) -> tuple[int, int]:
    above = text[:body]
    if format == NONE:
        return 0, 0
    if format == "json":
        return 0, len(above.rstrip())
    return text.index("\n") + 1, above.removesuffix("\n").rindex("\n") + 1


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return canonical(one) == canonical(other)
