"""Imports into a node of a test, as the command does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.content.exports import ExportReader
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.importing.committing import committed
from apps.gitsync.importing.importing import Order, prepared
from apps.gitsync.importing.outcomes import ImportReport, Told
from tests import wxr
from tests.scribes import OWN
from tests.sites import Site

ADA = Author("Ada", "ada@example.org", "1700000000 +0000")


@dataclass(slots=True)
class Importer:
    site: Site
    reader: ExportReader
    folder: Path

    def run(self, *parts: str, **options: Any) -> ImportReport:
        return self.file(wxr.write(self.folder, parts), **options)

    def file(self, path: Path, **options: Any) -> ImportReport:
        order = Order(file=path, **options)
        with prepared(self.site.local, order, self.reader, OWN, lambda step: None) as made:
            if order.dry_run:
                return made.report()
            return committed(self.site.local, made, ADA)

    @property
    def git(self) -> Repository:
        return Repository(self.site.source.repository)

    def paths(self, commit: str | None) -> list[str]:
        return [item.path.decode() for item in self.git.tree(commit or "")]

    def text(self, commit: str | None, path: str) -> str:
        ((_, content),) = self.git.read([f"{commit}:{path}"])
        return content.decode()

    def refs(self) -> dict[str, str]:
        return self.git.refs("refs/")


def told(report: ImportReport, number: int) -> Told:
    (found,) = [each for each in report.items if each.id == str(number)]
    return found
