"""Logging is set up for a whole process, so each test has one of its own."""

import json
import subprocess
import sys
from typing import Any

from tests.sites import ROOT

BEGIN = """
import logging, structlog, pathlib
from apps.runtime.logs import configure_logs
configure_logs(readable={readable})
log = structlog.get_logger("whispercms.test")
"""


def said(program: str, *, readable: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGIN.format(readable=readable) + program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr


def lines(program: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(program).splitlines()]


def test_every_event_is_one_json_object_on_one_line() -> None:
    (event,) = lines("log.info('synced', commit='abc', note='two\\nlines', at=pathlib.Path('/x'))")
    assert (event["event"], event["commit"], event["level"]) == ("synced", "abc", "info")
    assert event["note"] == "two\nlines"
    assert event["logger"] == "whispercms.test"
    assert event["timestamp"].endswith("Z")


def test_events_of_libraries_look_the_same() -> None:
    (event,) = lines("logging.getLogger('lib').warning('%s things', 3)")
    assert (event["event"], event["level"], event["logger"]) == ("3 things", "warning", "lib")


def test_what_is_bound_to_a_request_is_in_all_its_events() -> None:
    first, second = lines(
        "structlog.contextvars.bind_contextvars(request_id='r1')\n"
        "log.info('ours')\nlogging.getLogger('lib').info('theirs')"
    )
    assert first["request_id"] == second["request_id"] == "r1"


def test_an_error_is_told_with_its_traceback_in_the_same_object() -> None:
    (event,) = lines("try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')")
    assert "ZeroDivisionError" in event["exception"]
    assert event["level"] == "error"


def test_chatter_is_left_out() -> None:
    events = lines(
        "log.debug('no')\nlogging.getLogger('daphne.server').info('no')\n"
        "logging.getLogger('daphne.server').warning('yes')"
    )
    assert [event["event"] for event in events] == ["yes"]


def test_a_person_at_a_terminal_reads_text() -> None:
    text = said(
        "log.info('synced', commit='abc')\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')",
        readable=True,
    )
    assert "synced" in text
    assert "ZeroDivisionError" in text
    assert not text.startswith("{")
