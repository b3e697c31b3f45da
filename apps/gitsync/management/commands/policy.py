"""`manage.py policy`: whether the site's policies hold, why they decide as they do, what a change
of them changes, and whether anybody could still change them."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError

from apps.extensions.management.guarded import Asked
from apps.gitsync import policing
from apps.gitsync.management.answers import (
    EXIT_NODE,
    EXIT_REFUSED,
    AnsweringCommand,
    workers_of_this_node,
)
from apps.gitsync.policing import Change, Where
from apps.policy.comparing import Lockout
from apps.policy.entities import MalformedEntity
from apps.policy.explaining import Explanation, explain
from apps.policy.validating import Checked
from apps.runtime.databases import prepare_databases
from apps.runtime.faults import WorkerFault

SHOWN: Final = 5
UNQUOTED: Final = re.compile(r'([A-Za-z]+)::([^"].*)', re.DOTALL)
NOBODY: Final = "nobody but whoever has the machine's shell could change the policies any more"
NOT_EVEN_THE_SHELL: Final = (
    "nobody could change the policies here any more, not even with the machine's shell; only a"
    " push to the repository could"
)


class Command(AnsweringCommand):
    help = (
        "Check and explain the site's policies. Exit codes: 0, 1 flaws, denied, different or locked"
        " out, 2 usage, 3 remote, 4 disk or no worker,"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="act", required=True)
        check = _part(parts, "check", "syntax, schema, tests, and who is left to change them")
        _where(check)
        why = _part(parts, "explain", "which policies decide, and what would change the answer")
        why.add_argument("principal", help="such as Person::ada, Visitor::anonymous")
        why.add_argument("action", help="such as read, edit, change-policy")
        why.add_argument("resource", help="such as Document::content/a.md")
        said = "of the resource, such as draft=true; else as the index has it"
        why.add_argument(
            "--attribute", action="append", default=[], metavar="NAME=VALUE", help=said
        )
        _where(why)
        diff = _part(parts, "diff", "what comes out otherwise, over this site")
        diff.add_argument("before", metavar="COMMIT")
        diff.add_argument("after", metavar="COMMIT", nargs="?", help="the newest without it")
        _where(_part(parts, "lockout", "whether nobody could change the policies any more"))

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return []

    def answer(self, options: dict[str, Any]) -> int:
        prepare_databases()
        return int(getattr(self, f"_{options['act']}")(options))

    def _check(self, options: dict[str, Any]) -> int:
        where = _chosen(options)
        try:
            with workers_of_this_node() as workers:
                found = policing.checked(where, workers)
        except WorkerFault as fault:
            reason = f"nothing could be checked: {fault}"
            self.say(options, {"error": "policy.unproven", "reason": reason}, reason)
            return EXIT_NODE
        left = policing.left(where) if not found.flaws else None
        values = {
            "where": where.name,
            "flaws": [each.as_json() for each in found.flaws],
            "failed": [asdict(each) for each in found.failed],
            "policies": found.policies,
            "cases": found.cases,
            "lockout": _told(left) if left else None,
        }
        self.say(options, values, _checked_text(found, left))
        return EXIT_REFUSED if found.flaws else 0

    def _explain(self, options: dict[str, Any]) -> int:
        where = _chosen(options)
        rules = where.rules
        try:
            who = policing.named_principal(_quoted(options["principal"]), rules)
            attributes = dict(map(_attribute, options["attribute"]))
            what = policing.named_resource(_quoted(options["resource"]), attributes)
        except MalformedEntity as error:
            raise CommandError(str(error), returncode=2) from error
        found = explain(rules, who, options["action"], what)
        asked = {"principal": str(who), "action": options["action"], "resource": str(what)}
        values = {**asked, "resource_attributes": asdict(what), **asdict(found)}
        self.say(options, values, "\n".join([" ".join(asked.values()), *_why(found)]))
        return 0 if found.decision.allowed else EXIT_REFUSED

    def _diff(self, options: dict[str, Any]) -> int:
        before = policing.at_commit(options["before"])
        after = policing.at_commit(options["after"])
        changes = policing.differences(before, after)
        rows = [asdict(each) for each in changes]
        values = {"from": before.name, "to": after.name, "changes": rows}
        text = "\n".join(map(_change_text, changes)) or "nothing is decided otherwise"
        self.say(options, values, text)
        return EXIT_REFUSED if changes else 0

    def _lockout(self, options: dict[str, Any]) -> int:
        where = _chosen(options)
        left = policing.left(where)
        self.say(options, {"where": where.name, **_told(left)}, _left_text(left))
        return EXIT_REFUSED if left.is_complete else 0


def _part(parts: Any, name: str, told: str) -> ArgumentParser:
    part: ArgumentParser = parts.add_parser(name, help=told, description=told)
    part.add_argument("--json", action="store_true", help="as one JSON object")
    return part


def _where(part: ArgumentParser) -> None:
    where = part.add_mutually_exclusive_group()
    where.add_argument("--commit", help="of a commit; the newest of this node without it")
    where.add_argument("--folder", type=Path, help="of a folder, before anything is committed")


def _chosen(options: dict[str, Any]) -> Where:
    if options["folder"]:
        return policing.in_folder(options["folder"])
    return policing.at_commit(options["commit"])


def _quoted(text: str) -> str:
    """Quotes may be left out, as shells take them away."""
    found = UNQUOTED.fullmatch(text)
    if found is None:
        return text
    escaped = found[2].replace("\\", "\\\\").replace('"', '\\"')
    return f'{found[1]}::"{escaped}"'


def _attribute(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _checked_text(found: Checked, left: Lockout | None) -> str:
    policies = "1 policy" if found.policies == 1 else f"{found.policies} policies"
    counted = f"{policies} and {found.cases} test{'' if found.cases == 1 else 's'}"
    lines = [f"{each} {each.remedy}" for each in found.flaws]
    lines += [f"{counted}: {'these are not in order' if lines else 'in order'}"]
    return "\n".join(
        [*lines, *([f"warning: {_left_text(left)}"] if left and left.is_complete else [])]
    )


def _why(found: Explanation) -> list[str]:
    word = "allowed" if found.decision.allowed else "denied"
    lines = [f"{word}: {found.decision.reason}"]
    for each in found.deciding:
        verb = "permits" if each.permits else "forbids"
        lines.append(f"  {each.name} {verb} it ({each.path}:{each.line})")
    for near in found.near:
        verb = "permit" if near.permits else "forbid"
        but = f"it does not hold that {'; '.join(near.failing)}" if near.failing else "is overruled"
        lines.append(f"  {near.name} would {verb} it, but {but}")
    lines += (
        f"  {'allowed' if c.decision.allowed else 'denied'} if {c.words}" for c in found.changes
    )
    return lines


def _change_text(change: Change) -> str:
    verb = "may now" if change.allowed else "may no longer"
    by = f" ({', '.join(change.policies)})" if change.policies else ""
    more = len(change.resources) - SHOWN
    names = [f"    {each}" for each in change.resources[:SHOWN]]
    names += [f"    and {more} more"] if more > 0 else []
    return "\n".join([f"{change.principal} {verb} {change.action}{by}:", *names])


def _told(left: Lockout) -> dict[str, Any]:
    return {**asdict(left), "complete": left.is_complete}


def _left_text(left: Lockout) -> str:
    if left.is_complete:
        return NOBODY if left.shell else NOT_EVEN_THE_SHELL
    able = ("whoever has an account" if each == policing.ANYBODY else each for each in left.able)
    lines = [f"these may change policies: {', '.join(able)}"]
    lines += [f"nobody may change {path}" for path in left.closed]
    return "\n".join(lines)
