"""What this node keeps, as files, of its last start-up and of what runs beside the requests."""

import json
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from apps.runtime.bootreport import BootReport
from apps.runtime.standing_file import COMPONENTS, PROGRAMS, read_standings
from apps.runtime.supervision import Standings


def keep_report(report: BootReport) -> None:
    """Whole or not at all: another process may be reading it."""
    draft = _report_path().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(report.as_json(), indent=2))
    draft.replace(_report_path())


def last_report() -> dict[str, object] | None:
    """What the last start-up on this node did."""
    with suppress(FileNotFoundError, ValueError):
        return dict(json.loads(_report_path().read_text()))
    return None


def component_file() -> Path:
    return Path(settings.STATE) / COMPONENTS


def program_file() -> Path:
    return Path(settings.STATE) / PROGRAMS


def again_file() -> Path:
    """Asks `manage.py serve` to begin again, with other settings."""
    return Path(settings.STATE) / "again"


def prepared_file() -> Path:
    """What the last start found out of this node."""
    return Path(settings.STATE) / "prepared.json"


def all_standings() -> Standings:
    """Of programs and components, while the processes that keep them live."""
    return {**read_standings(program_file()), **read_standings(component_file())}


def _report_path() -> Path:
    return Path(settings.STATE) / "bootreport.json"
