"""What bandit finds in our own code, but for what is meant to be so."""

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from supply.pins import ROOT

TABLE = Path(__file__).with_name("findings.toml")
FOLDERS = ("apps", "whispercms", "supply")
Place = tuple[str, str]
"""The test's id and the file."""


def check() -> list[str]:
    """What is wrong, a line each. Raises RuntimeError when bandit does not run."""
    return judged(_found(), tomllib.loads(TABLE.read_text(encoding="utf-8")).get("meant", ()))


def judged(found: Iterable[Mapping[str, Any]], meant: Iterable[Mapping[str, Any]]) -> list[str]:
    rows = list(found)
    counts = Counter(map(_place, rows))
    accepted = {(each["test"], each["file"]): int(each["most"]) for each in meant}
    said = [
        f"{row['filename']}:{row['line_number']}: {row['test_id']} {row['issue_text']}"
        for row in rows
        if counts[_place(row)] > accepted.get(_place(row), 0)
    ]
    unused = sorted(place for place in accepted if not counts[place])
    return said + [f"{file}: {test} is meant to be so, but is not found" for test, file in unused]


def _place(row: Mapping[str, Any]) -> Place:
    return str(row["test_id"]), str(row["filename"])


def _found() -> list[dict[str, Any]]:
    options = ["--quiet", "--recursive", "--format=json", "--configfile=pyproject.toml"]
    command = [sys.executable, "-m", "bandit", *options, *FOLDERS]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    try:
        report = json.loads(ended.stdout)
    except ValueError as error:
        raise RuntimeError(f"bandit said nothing: {ended.stderr[-500:]}") from error
    if report["errors"]:
        raise RuntimeError(f"bandit could not read all: {report['errors'][0]}")
    return list(report["results"])
