"""A process is killed between what it did and telling of it, at each place where that matters."""

import json
import signal
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.whispercms.nodes import PAGE, Instance, Running, made

pytestmark = pytest.mark.long

KILLED_AFTER_COMMIT = """
import os
from apps.content.index_writer import IndexWriter
from django.core.management import call_command

apply = IndexWriter.apply

def killed(*values, **options):
    apply(*values, **options)
    os.kill(os.getpid(), 9)

IndexWriter.apply = killed
call_command("syncrepo")
"""
KILLED_BEFORE_COMMIT = """
import os
from apps.content import index_writer
from django.core.management import call_command

keep = index_writer.keep

def killed(*values, **options):
    keep(*values, **options)
    os.kill(os.getpid(), 9)

index_writer.keep = killed
call_command("syncrepo")
"""
KILLED_WHILE_HANDED = """
import os
from threading import Event
from apps.runtime.events import EventBus
from whispercms import facts

def write(event):
    facts_write(event)
    os.kill(os.getpid(), 9)

facts_write, facts.write = facts.write, write
facts.couriers(EventBus()).log.run(Event())
"""
KILLED_AFTER_QUARANTINE = """
import os
from django.conf import settings
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.changes import Change
from apps.extensions.containment.store import DatabaseStore

change = Change(1.0, Cause.ATTACK, "killed by SIGSYS")
DatabaseStore(settings.SITE_KEY).carry_out("plugin:reading-time", (change,))
os.kill(os.getpid(), 9)
"""


def told(running: Running) -> list[tuple[str, str | None]]:
    """Topics and commits of the facts in the log."""
    lines = [json.loads(line) for line in running.log.read_text().splitlines() if '"fact"' in line]
    return [(line["topic"], line["fact"].get("commit")) for line in lines]


def wait_for(running: Running, topic: str, commit: str | None) -> None:
    deadline = monotonic() + 20
    while (topic, commit) not in told(running):
        assert monotonic() < deadline, told(running)
        sleep(0.05)


def killed(instance: Instance, script: str) -> str:
    done = instance.run("shell", "-c", script)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout + done.stderr


def test_a_fact_whose_process_was_killed_after_the_commit_is_told_after_a_restart(
    tmp_path: Path,
) -> None:
    repository, instance = made(tmp_path)
    assert instance.run("prepare").returncode == 0
    second = repository.commit({"content/two.md": PAGE})
    killed(instance, KILLED_AFTER_COMMIT)
    with instance.started() as running:
        wait_for(running, "site.synced", second)
        assert instance.get("/readyz").json()["commit"] == second
        assert running.end() == 0
    before = told(running)
    with instance.started() as running:
        third = repository.commit({"content/three.md": PAGE})
        assert instance.run("syncrepo").returncode == 0
        wait_for(running, "site.synced", third)
    assert told(running) == [*before, ("site.synced", third)]


def test_one_whose_process_was_killed_before_the_commit_never_was(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    first = repository.git.resolve("refs/heads/main")
    assert instance.run("prepare").returncode == 0
    repository.commit({"content/two.md": PAGE})
    killed(instance, KILLED_BEFORE_COMMIT)
    (tmp_path / "remote.git").rename(tmp_path / "away.git")
    with instance.started() as running:
        wait_for(running, "site.synced", first)
        assert instance.get("/readyz").json()["commit"] == first
    assert told(running).count(("site.synced", first)) == 1
    assert len([topic for topic, _ in told(running) if topic == "site.synced"]) == 1


def test_one_whose_subscriber_was_killed_at_it_is_handed_over_again(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    first = repository.git.resolve("refs/heads/main")
    assert instance.run("prepare").returncode == 0
    assert '"topic": "site.synced"' in killed(instance, KILLED_WHILE_HANDED)
    with instance.started() as running:
        wait_for(running, "site.synced", first)


def test_a_fact_of_the_default_database_outlives_its_process_too(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    assert instance.run("prepare").returncode == 0
    killed(instance, KILLED_AFTER_QUARANTINE)
    with instance.started() as running:
        wait_for(running, "extension.quarantined", None)
