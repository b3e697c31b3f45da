"""When visitors may read what a commit has: decided once, here, and kept in its rows.

A document is a draft until it is to be published and after it has expired. No clock: what is
decided are the moments, and whoever reads compares.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from apps.content.entries import ALWAYS, DRAFT, NEVER, PUBLIC, Entry, Shown
from apps.content.entries import Document as Row
from apps.content.index_writer import Decided, IndexWriter
from apps.gitsync.trust.implying import FILE
from apps.policy.attention import attention
from apps.policy.entities import Document
from apps.policy.rules import VISITOR, Rules

_READ: Final = "read"
UNSAID: Final = Shown(ALWAYS, NEVER)
_PATH: Final = "path"
"""No two rows agree in it."""


class Showing:
    """By the rules of one commit, for one branch."""

    def __init__(self, rules: Rules, branch: str) -> None:
        self._rules, self._branch = rules, branch
        policies = rules.of_kinds((VISITOR.kind, _READ, Document.kind))
        self._looked_at = attention(each.json for each in policies)
        self._known: dict[tuple[object, ...], bool] = {}

    def entries(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """With their documents and assets decided."""
        for entry in entries:
            if (row := entry.document) is not None:
                shown = self.shown(row.source, row.kind, row.visibility, _said(row))
                decided = replace(row, shown_from=shown.since, shown_until=shown.until)
                entry = replace(entry, document=decided)
            if (file := entry.asset) is not None:
                shown = self.shown(file.source, FILE, PUBLIC, UNSAID)
                entry = replace(entry, asset=replace(file, shown_from=shown.since))
            yield entry

    def changed(self, writer: IndexWriter, touched: Iterable[str]) -> dict[str, Shown]:
        """source → when, of rows that stay as they are and are shown otherwise now."""
        gone, found = frozenset(touched), {}
        for row in writer.decided():
            if row.source in gone:
                continue
            kind, visibility = row.kind or FILE, row.visibility or PUBLIC
            now = self.shown(row.source, kind, visibility, _said(row))
            if now != row.shown:
                found[row.source] = now
        return found

    def shown(self, path: str, kind: str, visibility: str, said: Shown) -> Shown:
        """`said` are the moments that its author wrote."""
        if not self._allows(path, kind, visibility):
            return Shown(NEVER, NEVER)
        if said == UNSAID or visibility == DRAFT or self._allows(path, kind, DRAFT):
            return UNSAID
        return said

    def _allows(self, path: str, kind: str, visibility: str) -> bool:
        document = Document(
            path=path,
            type=kind,
            draft=visibility == DRAFT,
            visibility=visibility,
            branch=self._branch,
        )
        if self._looked_at is None or _PATH in self._looked_at:
            return self._rules.decide(VISITOR, _READ, document).allowed
        key = tuple(getattr(document, name, None) for name in sorted(self._looked_at))
        if key not in self._known:
            self._known[key] = self._rules.decide(VISITOR, _READ, document).allowed
        return self._known[key]


class States:
    """What a path is as a document, before and after a commit; what neither knows is a draft."""

    def __init__(self, writer: IndexWriter, entries: Iterable[Entry], branch: str) -> None:
        self._writer, self._branch = writer, branch
        self._new = {entry.source: entry for entry in entries}

    def __call__(self, path: str) -> list[Document]:
        file = (FILE, PUBLIC)
        found = [self._writer.state(path), file if self._writer.has_file(path) else None]
        if (entry := self._new.get(path)) is not None:
            new = entry.document
            found.append((new.kind, new.visibility) if new else None)
            if entry.asset is not None:
                found = [file]
        known = [each for each in found if each] or [("page", DRAFT)]
        return [self._document(path, *each) for each in dict.fromkeys(known)]

    def _document(self, path: str, kind: str, visibility: str) -> Document:
        draft = visibility == DRAFT
        return Document(
            path=path, type=kind, draft=draft, visibility=visibility, branch=self._branch
        )


def _said(row: Row | Decided) -> Shown:
    return Shown(row.publish, row.expires)
