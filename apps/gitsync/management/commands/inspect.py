"""`manage.py inspect`: what a repository would be as a site, before anything is served of it."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.extensions.management.guarded import Asked
from apps.gitsync.inspecting import Inspection, Lost, inspected
from apps.gitsync.local import storage
from apps.gitsync.management.answers import EXIT_REFUSED, AnsweringCommand, site_of_this_node
from apps.gitsync.management.progress import steps
from apps.gitsync.report import REFUSED
from apps.gitsync.source import checked_branch

FEW = 20
"""Problems that are named; `--json` has them all."""


class Command(AnsweringCommand):
    help = (
        "Say how a repository is read, and what would be lost. Nothing of this node changes."
        " Exit codes: 0, 1 it would be refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("remote", help="a URL or an absolute path")
        parser.add_argument("--branch", help="another than the remote's default")
        super().add_arguments(parser)

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return []

    def answer(self, options: dict[str, Any]) -> int:
        branch = checked_branch(options["branch"]) if options["branch"] else None
        with storage(), site_of_this_node() as site, steps("Inspecting") as tell:
            found = inspected(site, options["remote"], branch, tell)
        self.say(options, found.as_json(), "\n".join(_text(found)))
        return EXIT_REFUSED if found.report.state == REFUSED else 0


def _text(found: Inspection) -> Iterator[str]:
    if found.tally is None or found.lost is None:
        yield "this repository would be refused"
        yield from (f"  {problem}" for problem in found.report.problems[:FEW])
        return
    count = found.tally
    yield f"layout: {found.layout} ({found.known_by})"
    yield f"title: {found.title or 'none'}"
    yield f"base URL: {found.base_url or 'none'}"
    yield (
        f"{count.pages} pages, {count.sections} sections, {count.assets} files,"
        f" {count.terms} terms, {count.redirects} redirects"
    )
    yield f"hidden: {count.drafts} drafts, {count.private} private"
    yield from _lost(found.lost)
    problems = found.report.problems
    yield f"problems: {len(problems)}{_counts(found.lost.problems)}"
    yield from (f"  {problem}" for problem in problems[:FEW])
    if len(problems) > FEW:
        yield f"  and {len(problems) - FEW} more; --json has them all"
    yield "addresses:"
    yield from (f"  {url}" for url in found.urls)


def _lost(lost: Lost) -> Iterator[str]:
    if lost.fragments:
        total = sum(lost.fragments.values())
        yield f"shown as written, not run: {total} fragments{_counts(lost.fragments)}"
    if lost.languages:
        yield f"languages that are not served: {', '.join(lost.languages)}"
    if lost.keys:
        yield f"settings that nothing here stands for: {', '.join(lost.keys)}"
    if lost.programs:
        yield f"templates and programs that are not run: {', '.join(lost.programs)}"


def _counts(counts: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{name} {count}' for name, count in counts.items())})" if counts else ""
