"""`manage.py exportsite DIR`: the site as files, for any host that can send files."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from apps.delivery.exporting.export import Export, ExportRefused, export
from apps.delivery.exporting.folder import FolderFault
from apps.delivery.exporting.verifying import Verified, verify
from apps.delivery.observation import CommitMoved
from apps.extensions.containment.breaker import QUARANTINED
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import shut_of
from apps.extensions.management.guarded import Asked
from apps.extensions.registry import Registry
from apps.gitsync.environments import releases_here
from apps.gitsync.management.answers import EXIT_NODE, EXIT_REFUSED, AnsweringCommand
from apps.gitsync.management.progress import steps
from apps.runtime.databases import prepare_databases
from apps.runtime.faults import WorkerFault
from whispercms.management.serving import served_site
from whispercms.management.verb import VerbEnd
from whispercms.management.verbs.list import served_commit

STEP_SECONDS: Final = 0.2
NAMED: Final = 20
"""Files of each kind that a person is told by name."""


class Command(AnsweringCommand):
    help = (
        "Write every page, list, feed and file of the site to a folder, as any host can send them."
        " Only what changed is written. Exit codes: 0 done, 1 refused or not whole, 2 usage,"
        " 4 this node."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, help="where to; made where there is none")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="say what would be written")
        said = "write nothing; hold the files against the list of the last export"
        what.add_argument("--verify", action="store_true", help=said)

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        """What is written is what every visitor may read."""
        return []

    def answer(self, options: dict[str, Any]) -> int:
        try:
            return self._verified(options) if options["verify"] else self._exported(options)
        except ExportRefused as error:
            values = {"problems": [each.as_json() for each in error.problems]}
            self.say(options, values, "\n".join(map(str, error.problems)))
            return EXIT_REFUSED
        except VerbEnd as error:
            return self._ended(options, error.code, error.error, str(error))
        except FolderFault as error:
            return self._ended(options, EXIT_REFUSED, "folder", str(error))
        except CommitMoved:
            reason = "the site moved on meanwhile; export it again"
            return self._ended(options, EXIT_NODE, "moved", reason)
        except (WorkerFault, OSError) as error:
            reason = f"{error}; export it again when this node is well"
            return self._ended(options, EXIT_NODE, "node", reason)

    def _exported(self, options: dict[str, Any]) -> int:
        with served_site() as site, _told() as progress:
            _check_quarantines(site.served.registry)
            found = export(
                site.node,
                site.served,
                options["folder"],
                progress=progress,
                release=_release(site.served.commit),
                dry_run=options["dry_run"],
            )
        self.say(options, found.as_json(), "\n".join(_lines(found, options["dry_run"])))
        return 0

    def _verified(self, options: dict[str, Any]) -> int:
        found = verify(options["folder"])
        self.say(options, found.as_json(), "\n".join(_verdict(found)))
        return 0 if found.is_whole else EXIT_REFUSED

    def _ended(self, options: dict[str, Any], code: int, error: str, reason: str) -> int:
        self.say(options, {"error": error, "reason": reason}, reason)
        return code


def _check_quarantines(registry: Registry) -> None:
    """What attacked its sandbox does not run here either. Raises VerbEnd."""
    prepare_databases()
    shut = shut_of(DatabaseStore(settings.SITE_KEY, served_commit))
    ours = {f"plugin:{each.id}" for each in registry.plugins}
    ours |= {f"theme:{each.id}" for each in registry.themes}
    held = {key.partition("/")[0] for key, each in shut.items() if each.state == QUARANTINED}
    if found := sorted(held & ours):
        reason = f"{', '.join(found)}: quarantined; disable it in the site, or enable it again"
        raise VerbEnd(EXIT_REFUSED, "quarantined", reason)


def _release(commit: str) -> str:
    """That says that this environment serves the commit; empty where none does. Raises GitFault."""
    releases, current = releases_here()
    said = current.get(settings.ENVIRONMENT or "")
    return next((each.id for each in releases if (each.id, each.commit) == (said, commit)), "")


@contextmanager
def _told() -> Iterator[Callable[[int, int], None]]:
    last = [0.0]
    with steps("Exporting") as tell:

        def progress(made: int, known: int) -> None:
            now = time.monotonic()
            if now - last[0] >= STEP_SECONDS:
                last[0] = now
                tell(f"{made} of {known} addresses")

        yield progress


def _lines(found: Export, dry_run: bool) -> Iterator[str]:
    made, would = found.changes, "would be " if dry_run else ""
    yield from _named(f"{would}written", made.written)
    yield from _named(f"{would}removed", made.removed)
    yield from _named("not of this export, and left alone", made.foreign)
    yield from (f"note: {each}" for each in found.notes)
    files = found.manifest.files
    counts = f"{len(made.written)} {would}written, {len(made.removed)} {would}removed"
    yield f"{len(files)} files of {found.manifest.commit[:10]}: {counts}"


def _verdict(found: Verified) -> Iterator[str]:
    yield from _named("missing", found.missing)
    yield from _named("changed", found.changed)
    yield from _named("not of this export", found.foreign)
    wrong = len(found.missing) + len(found.changed)
    yield f"{found.files} files of {found.commit[:10]}: {wrong or 'none'} not as exported"


def _named(what: str, paths: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{what}: {each}" for each in paths[:NAMED])
    if (more := len(paths) - NAMED) > 0:
        yield f"{what}: {more} more"
