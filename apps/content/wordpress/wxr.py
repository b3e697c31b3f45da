"""Reads an export of WordPress (WXR) piece by piece: one record for each item, author and term.

By expat, which is of the standard library, streams, and opens nothing. Any document type is
refused before its entities are declared, so nothing can be expanded; XInclude is not known to it.
Hostile input: it runs in a confined worker.
"""

from typing import Any, Final
from xml.parsers import expat

from apps.content.wordpress import bounds
from apps.content.wordpress.names import SEPARATOR, VERSIONS, canonical
from apps.content.wordpress.records import RECORDS, Element, channel_field, record

CHANNEL_DEPTH: Final = 2
RECORD_DEPTH: Final = 3
ROOTS: Final = ("rss", "channel")
ATTRIBUTES: Final[tuple[str, ...]] = ("domain", "nicename")
NO_EXPORT: Final = "this is no export of WordPress (WXR)"


class ExportError(ValueError):
    """`code` names the kind, `line` is the place in the file."""

    def __init__(self, code: str, line: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.line, self.reason = code, line, reason


class Export:
    """One file being read. After an error it is only fit to be dropped."""

    def __init__(self, *, bodies: bool) -> None:
        """Without `bodies` what a survey does not need is left out: texts, comments, metadata."""
        parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        self._parser, self._bodies = parser, bodies
        self._depth = self._characters = self._elements = 0
        self._counts = dict.fromkeys(RECORDS, 0)
        self._open: list[Element] = []
        self._version = ""
        self._found: list[dict[str, Any]] = []

    def feed(self, data: bytes, *, last: bool) -> list[dict[str, Any]]:
        """The records that these bytes complete. Raises ExportError."""
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            said = expat.ErrorString(error.code)
            raise ExportError("wordpress.xml", error.lineno, f"this is not XML: {said}") from None
        except ExportError:
            raise
        except (LookupError, ValueError) as error:
            reason = f"its encoding cannot be read: {error}"
            raise self._error("wordpress.encoding", reason) from None
        if last and not self._version:
            raise self._error("wordpress.form", NO_EXPORT)
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        known = canonical(name)
        if self._depth > bounds.DEPTH:
            raise self._error("wordpress.bounds", f"over {bounds.DEPTH} elements are nested")
        if self._depth <= CHANNEL_DEPTH:
            if known != ROOTS[self._depth - 1]:
                raise self._error("wordpress.form", NO_EXPORT)
            return
        if self._depth == RECORD_DEPTH:
            self._characters = self._elements = 0
        self._elements += 1
        if self._elements > bounds.ELEMENTS:
            reason = f"an item has over {bounds.ELEMENTS} elements"
            raise self._error("wordpress.bounds", reason)
        few = {key: attributes[key] for key in ATTRIBUTES if key in attributes}
        self._open.append(Element(known, few, self._parser.CurrentLineNumber))

    def _text(self, text: str) -> None:
        if not self._open:
            return
        self._characters += len(text)
        if self._characters <= bounds.ITEM_CHARACTERS:
            self._open[-1].texts.append(text)
        else:
            self._open[0].cut = True

    def _end(self, name: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        ended = self._open.pop()
        if self._open:
            if ended.name:
                self._open[-1].children.append(ended)
        elif ended.name == "wp:wxr_version":
            self._check_version(ended)
        else:
            self._take(ended)

    def _take(self, ended: Element) -> None:
        if ended.name in RECORDS:
            if not self._version:
                raise self._error("wordpress.form", f"{NO_EXPORT}: it has no wp:wxr_version")
            self._counts[ended.name] += 1
            if self._counts[ended.name] > RECORDS[ended.name]:
                reason = f"it has over {RECORDS[ended.name]} of {ended.name}"
                raise self._error("wordpress.bounds", reason)
            self._found.append(record(ended, bodies=self._bodies))
        elif told := channel_field(ended):
            self._found.append(told)

    def _check_version(self, ended: Element) -> None:
        self._version = ended.text().strip()
        if self._version not in VERSIONS:
            known = ", ".join(sorted(VERSIONS))
            reason = f"its version is {self._version[:20]!r}; {known} are read"
            raise self._error("wordpress.version", reason)

    def _refuse_doctype(self, *_: object) -> None:
        reason = "it has a document type or entities, which no export of WordPress has"
        raise self._error("wordpress.doctype", reason)

    def _error(self, code: str, reason: str) -> ExportError:
        return ExportError(code, self._parser.CurrentLineNumber, reason)
