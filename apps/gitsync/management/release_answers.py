"""What the commands about releases answer: one JSON object or text, and an exit code."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from django.core.management.base import OutputWrapper

from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.promoting.releasing import PLANNED, REFUSED, UNCHANGED, ReleaseReport

EXIT_REFUSED, EXIT_USAGE, EXIT_REMOTE, EXIT_NODE = 1, 2, 3, 4
USAGE: Final = frozenset({"environment.unknown", "release.unknown", "release.none"})


def say(out: OutputWrapper, options: Mapping[str, Any], values: Any, text: str) -> None:
    out.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def answer(out: OutputWrapper, options: Mapping[str, Any], report: ReleaseReport) -> None:
    say(out, options, report.as_json(), _text(report))
    if report.state == REFUSED:
        sys.exit(EXIT_REFUSED)


def fail(out: OutputWrapper, options: Mapping[str, Any], error: GitFault) -> None:
    say(out, options, {"error": error.code, "reason": str(error)}, str(error))
    if error.code in USAGE:
        sys.exit(EXIT_USAGE)
    sys.exit(EXIT_NODE if isinstance(error, NodeFault) else EXIT_REMOTE)


def _text(report: ReleaseReport) -> str:
    lines = [f"{report.state}: {report.environment}"]
    release = report.release
    if release:
        verb = {PLANNED: "would serve", UNCHANGED: "serves"}.get(report.state, "serves now")
        back = f", as in {release.restores}" if release.restores else ""
        lines = [f"{report.environment} {verb} {release.commit[:10]} as {release.id}{back}"]
    if report.synced:
        done = report.synced
        lines.append(
            f"  {done.parsed} documents parsed, {done.added} files added, {done.changed} changed,"
            f" {done.removed} removed in {sum(done.seconds.values()):.2f} s"
        )
        lines += [f"  {problem}" for problem in done.problems]
    lines += [f"  {problem}" for problem in report.problems]
    if report.unsent:
        lines.append(f"  other nodes do not know yet: {report.unsent}")
    return "\n".join(lines)
