"""Writes every address of the site as files that any host can send: made, looked at as a whole, and
only then put into the folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.content.problems import Problem
from apps.delivery.exporting import landing
from apps.delivery.exporting.assembling import Known, added, cannot, problems
from apps.delivery.exporting.bounds import TOLD
from apps.delivery.exporting.collecting import Collected
from apps.delivery.exporting.folder import Folder, opened
from apps.delivery.exporting.landing import Changes
from apps.delivery.exporting.making import Made
from apps.delivery.exporting.manifest import Manifest
from apps.delivery.exporting.walking import Progress, walk
from apps.delivery.served import Node, Served


class ExportRefused(Exception):
    """The folder is as it was. `problems` name addresses, and what to do."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What there is now, what of it was changed, and what a person ought to know."""

    manifest: Manifest
    changes: Changes
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        made, files = self.changes, self.manifest.files
        return {
            "commit": self.manifest.commit,
            "release": self.manifest.release,
            "files": len(files),
            "bytes": sum(each.bytes for each in files),
            "written": list(made.written),
            "removed": list(made.removed),
            "foreign": list(made.foreign[:TOLD]),
            "notes": list(self.notes),
        }


def export(
    node: Node,
    served: Served,
    place: Path,
    *,
    progress: Progress,
    release: str = "",
    dry_run: bool = False,
) -> Export:
    """Raises ExportRefused, FolderFault, CommitMoved when the site moves on meanwhile, WorkerFault
    and sqlite3.Error, and the folder is as it was; OSError, and the next one makes it whole."""
    with opened(place, make=not dry_run) as folder:
        ours = landing.begin(folder, stages=not dry_run) if folder else {}
        found = Collected(folder, stages=not dry_run)
        try:
            known = _made(node, served, found, progress)
            notes = _add(known, found, served)
            manifest = Manifest(
                commit=served.commit,
                release=release,
                base_url=served.configuration.base_url,
                files=tuple(found.files[path] for path in sorted(found.files)),
            )
            made = _changes(folder, ours, manifest, found)
        except BaseException:
            if folder and not dry_run:
                landing.give_up(folder)
            raise
        if folder and not dry_run:
            landing.land(folder, ours, manifest, found.staged, made)
    return Export(manifest=manifest, changes=made, notes=notes)


def _made(node: Node, served: Served, found: Collected, progress: Progress) -> list[Known]:
    """All addresses that have something, in order. Raises ExportRefused for all that is wrong with
    any."""
    known, wrong = list[Known](), list[Problem]()
    for made in walk(node, served, found.take, progress):
        if made.problem:
            wrong.append(made.problem)
        elif made.type or made.status != 404:
            known.append(_known(made))
    known.sort(key=lambda each: each.address)
    wrong += [*found.clashes, *problems(found.addresses, known)]
    if wrong:
        raise ExportRefused(sorted(wrong))
    return known


def _known(made: Made) -> Known:
    return Known(
        address=made.address,
        type=made.type,
        target=made.target,
        status=made.status,
        headers=made.headers,
    )


def _add(known: list[Known], found: Collected, served: Served) -> tuple[str, ...]:
    """Redirects and what goes with all; what is to be told."""
    base_url = served.configuration.base_url
    more = added(found.addresses, known, base_url)
    for path, (content, kind) in sorted(more.files.items()):
        found.put(path, content, kind)
    return (*more.notes, *cannot(known, base_url, served.until, served.observing.headers))


def _changes(
    folder: Folder | None, ours: landing.Ours, manifest: Manifest, found: Collected
) -> Changes:
    if folder is None:
        return Changes(written=tuple(sorted(found.staged)))
    return landing.changes(folder, ours, manifest.paths, found.staged)
