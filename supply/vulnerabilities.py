"""Known vulnerabilities of what we run on, by pip-audit, where its database can be reached.

pip-audit calls it a success when the database knows none of what it was asked about, as behind a
mirror of the package index. So one package is asked about first, and what is unknown is told.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supply.pins import Pin, pins

SECONDS = 600
Answer = tuple[dict[str, Any] | None, str]
"""pip-audit's report, or None and why there is none."""


class Skipped(Exception):
    """Nothing was found out; says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """A line each: what is known to be vulnerable, and what the database does not know."""

    vulnerable: tuple[str, ...]
    unknown: tuple[str, ...]


def check(wanted: Iterable[Pin] | None = None, ask: "Ask | None" = None) -> Report:
    """Raises Skipped."""
    asked = [pin for pin in (pins() if wanted is None else wanted) if pin.here]
    asking = ask or _pip_audit
    first = _report(asking(asked[:1]))
    if first.unknown:
        raise Skipped(f"the database at pypi.org does not know {asked[0].name}, as behind a mirror")
    return _report(asking(asked))


Ask = Callable[[list[Pin]], Answer]


def _report(answer: Answer) -> Report:
    found, reason = answer
    if found is None:
        raise Skipped(f"the database at pypi.org cannot be reached: {reason}")
    rows = found["dependencies"]
    vulnerable = [
        f"{row['name']} {row['version']}: {each['id']}, mended in {', '.join(each['fix_versions'])}"
        for row in rows
        for each in row.get("vulns", ())
    ]
    return Report(tuple(vulnerable), tuple(row["name"] for row in rows if "skip_reason" in row))


def _pip_audit(asked: list[Pin]) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("".join(f"{pin.line()}\n" for pin in asked))
        options = ["--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off"]
        command = [sys.executable, "-m", "pip_audit", *options, "--requirement", str(listed)]
        try:
            ended = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return None, f"no answer in {SECONDS} seconds"
    try:
        return json.loads(ended.stdout), ""
    except ValueError:
        last = (ended.stderr.strip().splitlines() or ["nothing was said"])[-1]
        return None, last[:300]
