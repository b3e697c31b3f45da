"""What an import has made so far: files that are to be written, and what is told of each thing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from apps.gitsync.errors import GitFault
from apps.gitsync.git.blobs import BlobSpool, blob_name
from apps.gitsync.importing.base import Base
from apps.gitsync.importing.deciding import Decided, decided
from apps.gitsync.importing.ledger import Entry
from apps.gitsync.importing.outcomes import Outcome, Told
from apps.gitsync.importing.uploads import Upload
from apps.gitsync.writing.changes import check_path

FILES = 400_000
"""In one import."""


@dataclass(slots=True)
class Gathered:
    """`changed` are blobs by path, `visibilities` those of documents among them. Without a spool
    nothing is kept but names."""

    base: Base
    spool: BlobSpool | None
    theirs: bool
    changed: dict[str, str] = field(default_factory=dict)
    visibilities: dict[str, str] = field(default_factory=dict)
    ledger: dict[str, Entry] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    fetch: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    comments: Counter[Outcome] = field(default_factory=Counter)

    def put(self, key: str, path: str, content: bytes, visibility: str = "public") -> Decided:
        """Raises GitFault for a path that no site can hold."""
        blob = blob_name(content)
        found = self._decided(key, path, blob)
        if found.outcome is Outcome.WRITTEN:
            self._take(path, blob, visibility)
            if self.spool:
                self.spool.add(content)
        return found

    def copy(self, key: str, upload: Upload, file: BinaryIO) -> Decided:
        found = self._decided(key, upload.path, upload.blob)
        if found.outcome is Outcome.WRITTEN:
            self._take(upload.path, upload.blob, "public")
            if self.spool:
                self.spool.copy(file, upload.blob, upload.size)
        return found

    def replace(self, path: str, content: bytes) -> None:
        """A file that is always as it is made: nobody writes it by hand, or it was edited."""
        blob = blob_name(content)
        if self.base.there.get(path) != blob:
            self._take(path, blob, "public")
            if self.spool:
                self.spool.add(content)

    def files(self) -> Mapping[str, str]:
        return dict(sorted(self.changed.items()))

    def _decided(self, key: str, path: str, blob: str) -> Decided:
        check_path(path)
        entry = self.base.ledger.get(key)
        found = decided(entry, path, blob, self.base.there, theirs=self.theirs)
        if found.outcome is not Outcome.KEPT:
            self.ledger[key] = Entry(path, blob)
        return found

    def _take(self, path: str, blob: str, visibility: str) -> None:
        if len(self.changed) >= FILES:
            reason = f"an import writes {FILES} files at most"
            raise GitFault("commit.size", reason, "Export it in parts")
        self.changed[path] = blob
        self.visibilities[path] = visibility
