"""When the cluster of the task queue is needed at all."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from whispercms.queueing import has_work

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NEXT = "2026-01-02 03:04:05.000000"
TABLES = """
CREATE TABLE django_q_ormq (id INTEGER, "lock" TEXT);
CREATE TABLE django_q_schedule (next_run TEXT, repeats INTEGER);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "queue.sqlite3"
    write(path, TABLES)
    return path


def write(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def test_without_a_task_there_is_nothing_to_do(database: Path) -> None:
    assert not has_work(database, NOW)


def test_a_task_that_waits_or_is_under_way_is_work(database: Path) -> None:
    write(database, "INSERT INTO django_q_ormq VALUES (1, '9999-01-01 00:00:00')")
    assert has_work(database, NOW)


def test_a_schedule_is_work_once_its_time_is_over_in_whatever_zone(database: Path) -> None:
    write(database, f"INSERT INTO django_q_schedule VALUES ('{NEXT}', -1)")
    assert not has_work(database, NOW)
    later = NOW + timedelta(microseconds=1)
    assert has_work(database, later)
    assert has_work(database, later.astimezone(timezone(-timedelta(hours=9))))


def test_a_schedule_that_is_over_is_none(database: Path) -> None:
    write(database, f"INSERT INTO django_q_schedule VALUES ('{NEXT}', 0)")
    assert not has_work(database, NOW + timedelta(days=1))
