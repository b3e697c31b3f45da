"""Turns an export of WordPress into files of a site, and these into one commit on a branch.

survey → base → places and links → files, each as it is read → tree → judged as a sync → ref.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from apps.content.exports import ExportReader
from apps.content.wordpress.messages import Item, Record
from apps.content.wordpress.wxr import ExportError
from apps.gitsync.errors import NodeFault
from apps.gitsync.git.blobs import BlobSpool
from apps.gitsync.git.repository import Repository
from apps.gitsync.importing import ledger
from apps.gitsync.importing.base import Base, base_of
from apps.gitsync.importing.faults import export_fault
from apps.gitsync.importing.gathering import Gathered
from apps.gitsync.importing.items import Items
from apps.gitsync.importing.leading import links_of, targets_of
from apps.gitsync.importing.links import Links
from apps.gitsync.importing.lists import Edits, take_authors, take_configuration, take_terms
from apps.gitsync.importing.menus import menu_lines
from apps.gitsync.importing.old_site import old_site
from apps.gitsync.importing.outcomes import UNCHANGED, WOULD, ImportReport
from apps.gitsync.importing.places import Before, placed
from apps.gitsync.importing.site_files import term_places
from apps.gitsync.importing.survey import ATTACHMENT, Survey, surveyed
from apps.gitsync.importing.uploads import Uploads
from apps.gitsync.syncing.update import LocalSite

BRANCH: Final = "import/wordpress"
SITE_TOLD: Final = ("title", "description", "language", "link", "base_blog_url")
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks for. `uploads` is a copy of wp-content/uploads."""

    file: Path
    uploads: Path | None = None
    branch: str = BRANCH
    theirs: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that is to be written; nothing has been but the spool, on the disk of this node."""

    order: Order
    base: Base
    gathered: Gathered
    survey: Survey
    since: float

    def report(self) -> ImportReport:
        changed = bool(self.gathered.changed)
        site = self.survey.site
        return ImportReport(
            state=(WOULD if self.order.dry_run else "") if changed else UNCHANGED,
            branch=self.base.branch,
            site={name: site[name] for name in SITE_TOLD if site.get(name)},
            held=dict(self.survey.held),
            items=tuple(self.gathered.told),
            comments=dict(self.gathered.comments),
            notes=tuple(self.gathered.notes),
            fetch=tuple(dict.fromkeys(self.gathered.fetch)),
            files=len(self.gathered.changed),
        )


@contextmanager
def prepared(
    site: LocalSite, order: Order, reader: ExportReader, edits: Edits, tell: Tell
) -> Iterator[Prepared]:
    """Raises GitFault, OSError or WorkerFault; then nothing has changed."""
    since = time.time()
    repository = Repository(site.source.repository)
    if not repository.exists():
        raise NodeFault("wordpress.no-site", "this node has no site yet", "Run: manage.py syncrepo")
    with order.file.open("rb") as file, _faults():
        survey = surveyed(_records(reader, file, tell, bodies=False))
        base = base_of(repository, site.source, site.files, order.branch)
        spool = None if order.dry_run else BlobSpool(site.source.folder)
        try:
            gathered = Gathered(base, spool, order.theirs, ledger=dict(base.ledger))
            file.seek(0)
            records = _records(reader, file, tell, bodies=True)
            uploads = Uploads(order.uploads, site.source.asset_bytes)
            _gather(survey, records, gathered, uploads, (reader, edits))
            yield Prepared(order=order, base=base, gathered=gathered, survey=survey, since=since)
        finally:
            if spool:
                spool.close()


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except ExportError as error:
        raise export_fault(error) from error


def _records(reader: ExportReader, file: BinaryIO, tell: Tell, *, bodies: bool) -> Iterator[Record]:
    size = os.fstat(file.fileno()).st_size
    step = "writing" if bodies else "reading"

    def read(done: int) -> None:
        tell(f"{step} {100 * done // max(size, 1)} %")

    yield from reader.records(file, bodies=bodies, read=read)


def _gather(
    survey: Survey,
    records: Iterator[Record],
    gathered: Gathered,
    uploads: Uploads,
    workers: tuple[ExportReader, Edits],
) -> None:
    reader, edits = workers
    base = gathered.base
    known = {key: entry.path for key, entry in base.ledger.items()}
    before = Before(old_site(survey.site), known, base.served, frozenset(known.values()))
    places = placed(survey, before)
    attachments = [each for each in survey.items.values() if each.type == ATTACHMENT]
    files = {each.id: uploads.found(each.file, each.attached) for each in attachments}
    targets = targets_of(survey, files)
    terms = list(term_places(survey, places.addresses))
    links = links_of(survey, before.old, places, terms, (files, targets))
    items = Items(
        survey=survey,
        places=places,
        links=links,
        reader=reader,
        uploads=uploads,
        gathered=gathered,
        files=files,
        targets=targets,
        blocks=_blocks(survey, links, reader),
    )
    for record in records:
        if isinstance(record, Item):
            items.take(record)
    take_authors(survey, gathered)
    take_terms(survey, terms, gathered)
    lists = {each.term.id: (each.term.name, each.address) for each in terms}
    take_configuration(survey, menu_lines(survey, links, lists), gathered, edits)
    gathered.replace(ledger.PATH, ledger.content_of(gathered.ledger))


def _blocks(survey: Survey, links: Links, reader: ExportReader) -> dict[str, str]:
    """Reused blocks as HTML; one within another is left out."""
    found: dict[str, str] = {}
    for number, body in survey.reused.items():
        converted = reader.convert(body)
        if converted is not None:
            found[number], _ = links.html(converted.pieces, number, {})
    return found
