"""`manage.py importwordpress FILE.xml`: an export of WordPress becomes one commit on a branch."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError

from apps.content.exports import ExportReader
from apps.content.scribe import Scribe
from apps.extensions.authorising import standing
from apps.extensions.management.guarded import Asked, asker
from apps.gitsync.authoring import local_author
from apps.gitsync.importing.committing import committed, sent
from apps.gitsync.importing.importing import BRANCH, Order, Prepared, prepared
from apps.gitsync.importing.outcomes import IMPORTED, REFUSED, ImportReport
from apps.gitsync.importing.showing import as_text, write_report
from apps.gitsync.local import local_site, storage, sync_and_record
from apps.gitsync.management.answers import (
    EXIT_REFUSED,
    AnsweringCommand,
    workers_of_this_node,
)
from apps.gitsync.management.progress import steps
from apps.gitsync.resources import as_shown, change_of
from apps.gitsync.syncing.update import LocalSite
from apps.policy.entities import Branch, Document
from apps.runtime.databases import prepare_databases

DRAFT: Final = "content/posts/imported.html"


class Command(AnsweringCommand):
    help = (
        "Turn an export of WordPress (Tools > Export) into documents, as one commit on a branch."
        " Exit codes: 0, 1 refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE.xml")
        parser.add_argument("--uploads", type=Path, help="a copy of wp-content/uploads")
        parser.add_argument("--branch", default=BRANCH, help=f"where to; else {BRANCH}")
        parser.add_argument(
            "--theirs", action="store_true", help="also write over what was changed by hand since"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be written")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="name each item in it: .md, or .json"
        )
        parser.add_argument(
            "--publish", action="store_true", help="push the branch, to be looked at there"
        )
        parser.add_argument("--author", help="'Name <name@example.org>'; else this user")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        """Whoever may not write a draft need not begin; each document is asked for when it is
        known."""
        if options["dry_run"]:
            return []
        publishing = [("publish", Branch(options["branch"]))] if options["publish"] else []
        return [_change(DRAFT, "draft", options["branch"]), *publishing]

    def answer(self, options: dict[str, Any]) -> int:
        _check(options)
        prepare_databases()
        with workers_of_this_node() as workers, steps("Importing") as tell, storage():
            site = local_site(workers)
            reader, order = ExportReader(workers), _order(options)
            with prepared(site, order, reader, Scribe(workers), tell) as made:
                tell("judging")
                report = self._written(options, site, made)
            if report.state == IMPORTED and made.base.is_served:
                sync_and_record(site, fetching=False)
            if options["report"]:
                write_report(options["report"], report)
        self.say(options, report.as_json(), as_text(report))
        return EXIT_REFUSED if report.state == REFUSED else 0

    def _written(self, options: dict[str, Any], site: LocalSite, made: Prepared) -> ImportReport:
        """Raises GitFault or PolicyDenied; then no ref has moved."""
        author = local_author(options["author"])
        if options["dry_run"]:
            return made.report()
        if options["publish"] and made.base.is_served:
            raise CommandError("the branch that is served goes out with manage.py publishrepo")
        self.ask(options, _asked(options, made))
        report = committed(site, made, author)
        publishing = options["publish"] and report.state != REFUSED
        return sent(site, report) if publishing else report


def _check(options: dict[str, Any]) -> None:
    if not options["file"].is_file():
        raise CommandError(f"there is no file {options['file']}")
    uploads = options["uploads"]
    if uploads is not None and not uploads.is_dir():
        raise CommandError(f"there is no folder {uploads}")
    report = options["report"]
    if report is not None and (report.is_dir() or not report.parent.is_dir()):
        raise CommandError(f"{report} cannot be a report; name a file in a folder that is there")


def _order(options: dict[str, Any]) -> Order:
    names = ("file", "uploads", "branch", "theirs", "dry_run")
    return Order(**{name: options[name] for name in names})


def _asked(options: dict[str, Any], made: Prepared) -> Iterator[Asked]:
    """Every file is decided; of those that may be written alike one is asked for, and audited."""
    rules, who, allowed = standing().rules, asker(options), set[str]()
    for path, visibility in sorted(made.gathered.visibilities.items()):
        action, thing = _change(path, visibility, made.base.branch)
        if action in allowed and rules.decide(who, action, thing).allowed:
            continue
        allowed.add(action)
        yield action, thing


def _change(path: str, visibility: str, name: str) -> Asked:
    if not path.startswith(("content/", "media/", "data/")):
        return change_of(path)
    document = Document(path=path, type="page", draft=True, visibility="draft", branch=name)
    return "edit", as_shown(document, visibility)
