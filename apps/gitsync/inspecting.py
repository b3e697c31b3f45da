"""Looks at a repository as a site: synced into a folder of its own that goes afterwards.

So what is told is what a sync does, and nothing of this node changes.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from apps.content.catalogue import catalogue
from apps.content.configuration import TABLE
from apps.content.files import ContentFiles
from apps.content.foreign.leftovers import known_by, programs
from apps.content.fragments.taking import CODE, counted
from apps.content.index_writer import IndexWriter
from apps.content.pointer import Pointer
from apps.content.renderings import connect
from apps.content.strict import read_toml
from apps.content.tally import Tally, tally
from apps.gitsync.git.access import Access
from apps.gitsync.report import REFUSED, Stopwatch, SyncReport
from apps.gitsync.source import SiteSource, checked_remote
from apps.gitsync.syncing.sync import sync
from apps.gitsync.syncing.update import LocalSite

SHOWN: Final = 10
"""How many addresses are named."""
Tell = Callable[[str], None]
"""Takes the name of the step that begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What only the other system can do: fragments and problems with how many there are."""

    fragments: dict[str, int]
    languages: tuple[str, ...]
    keys: tuple[str, ...]
    programs: tuple[str, ...]
    problems: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Where the commit was refused, only `report` says something."""

    report: SyncReport
    layout: str = ""
    known_by: str = ""
    title: str = ""
    base_url: str = ""
    tally: Tally | None = None
    lost: Lost | None = None
    urls: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        found = self.report.as_json()
        return {
            "state": "refused" if self.report.state == REFUSED else "readable",
            "commit": found["commit"]["to"],
            "branch": self.report.branch,
            "layout": self.layout,
            "known_by": self.known_by,
            "title": self.title,
            "base_url": self.base_url,
            "counts": asdict(self.tally) if self.tally else {},
            "lost": asdict(self.lost) if self.lost else {},
            "urls": list(self.urls),
            "problems": found["problems"],
        }


def inspected(site: LocalSite, remote: str, branch: str | None, tell: Tell) -> Inspection:
    """`site` is this node's, for its workers and its rules. Raises GitFault."""
    with tempfile.TemporaryDirectory(prefix="whispercms-inspect-") as folder:
        apart = _apart(site, checked_remote(remote), branch, Path(folder))
        connect(apart.files.renderings).close()
        report = sync(apart, watch=Stopwatch(tell))
        if report.state == REFUSED:
            return Inspection(report=report)
        return _seen(apart.files, report)


def _apart(site: LocalSite, remote: str, branch: str | None, folder: Path) -> LocalSite:
    """What proves who this node is goes to no other remote than its own."""
    own = site.source
    source = SiteSource(
        remote=remote,
        branch=branch,
        folder=folder,
        asset_bytes=own.asset_bytes,
        access=own.access if remote == own.remote else Access(),
    )
    files = ContentFiles(
        index=folder / "index.sqlite3",
        generation=folder / "generation",
        renderings=folder / "renderings.sqlite3",
        assets=folder / "assets",
    )
    return replace(site, source=source, files=files)


def _seen(files: ContentFiles, report: SyncReport) -> Inspection:
    with closing(IndexWriter(files)) as index:
        pointer = index.pointer()
    assert pointer is not None
    configuration = pointer.site_configuration()
    names = frozenset(pointer.names.split("\n"))
    said = "layout" in read_toml(configuration.text).get(TABLE, {})
    return Inspection(
        report=report,
        layout=configuration.layout,
        known_by=known_by(configuration.layout, names, configured=said),
        title=configuration.title,
        base_url=configuration.base_url,
        tally=tally(files),
        lost=_lost(pointer, report),
        urls=catalogue(files).urls[:SHOWN],
    )


def _lost(pointer: Pointer, report: SyncReport) -> Lost:
    configuration = pointer.site_configuration()
    fragments: Counter[str] = Counter()
    for problem in report.problems:
        if problem.code == CODE:
            fragments.update(counted(problem.reason))
    names = frozenset(pointer.names.split("\n"))
    foreign = [part.foreign for part in configuration.parts]
    return Lost(
        fragments=dict(sorted(fragments.items(), key=lambda each: (-each[1], each[0]))),
        languages=tuple(sorted({code for each in foreign for code in each.languages[1:]})),
        keys=tuple(sorted({key for each in foreign for key in each.unused})),
        programs=programs(configuration.layout, names),
        problems=dict(sorted(Counter(problem.code for problem in report.problems).items())),
    )
