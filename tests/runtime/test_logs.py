"""Logging is set up for a whole process, so the events are those of a process of its own."""

import json
import subprocess
import sys
from typing import Any

import pytest

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


EVENTS = """
log.info("ours", commit="abc", note="two\\nlines", at=pathlib.Path("/x"))
logging.getLogger("lib").warning("%s things", 3)
log.debug("chatter")
logging.getLogger("daphne.server").info("chatter")
logging.getLogger("daphne.server").warning("worth a line")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
structlog.contextvars.bind_contextvars(request_id="r1")
log.info("ours of a request")
logging.getLogger("lib").info("theirs of a request")
"""
Events = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def events() -> Events:
    """What the lines of a program's log say, by event."""
    found = [json.loads(line) for line in said(EVENTS).splitlines()]
    return {event["event"]: event for event in found}


def test_every_event_is_one_json_object_on_one_line(events: Events) -> None:
    event = events["ours"]
    assert (event["commit"], event["note"]) == ("abc", "two\nlines")
    assert (event["level"], event["logger"]) == ("info", "whispercms.test")
    assert event["timestamp"].endswith("Z")


def test_events_of_libraries_look_the_same(events: Events) -> None:
    event = events["3 things"]
    assert (event["level"], event["logger"]) == ("warning", "lib")
    assert event["timestamp"].endswith("Z")


def test_what_is_bound_to_a_request_is_in_all_its_events(events: Events) -> None:
    assert "request_id" not in events["ours"]
    assert events["ours of a request"]["request_id"] == "r1"
    assert events["theirs of a request"]["request_id"] == "r1"


def test_an_error_is_told_with_its_traceback_in_the_same_object(events: Events) -> None:
    assert "ZeroDivisionError" in events["failed"]["exception"]
    assert events["failed"]["level"] == "error"


def test_chatter_is_left_out(events: Events) -> None:
    assert "worth a line" in events
    assert "chatter" not in events


def test_a_person_at_a_terminal_reads_text() -> None:
    text = said(EVENTS, readable=True)
    assert "ours" in text
    assert "ZeroDivisionError" in text
    assert not any(line.startswith("{") for line in text.splitlines())
