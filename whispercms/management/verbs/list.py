"""`extension list`: what the served commit has of extensions, and what becomes of each."""

import time
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from apps.content.index import Index
from apps.extensions import lock
from apps.extensions.containment.breaker import CLOSED_STATE
from apps.extensions.containment.containment import Status
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import shut_of
from apps.extensions.inventory import ENABLED, Shown, inventory
from apps.extensions.settling import settled
from apps.extensions.stages import Draft, everything
from apps.runtime.databases import prepare_databases
from whispercms.management.verb import EXIT_NODE, Answer, Options, VerbEnd

HELP = "list the extensions of the served commit: version, digest, grants, state, where from"
DIGEST = 19
"""Characters of a digest that people are shown."""


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def answer(options: Options) -> Answer:
    prepare_databases()
    if not settings.SITE_FILES.index.exists():
        raise VerbEnd(EXIT_NODE, "node", "there is no index yet; run manage.py syncrepo")
    shut = shut_of(DatabaseStore(settings.SITE_KEY, served_commit))
    values, listed = _served(shut)
    others = {k: s for k, s in shut.items() if not any(k in each.shut for each in listed)}
    values |= {
        "extensions": [each.as_json() for each in listed],
        "others": {key: status.as_json() for key, status in others.items()},
    }
    return Answer(values, _table(listed, others))


def served_commit() -> str:
    """Empty before the first sync."""
    pointer = Index(settings.SITE_FILES).pointer()
    return pointer.commit_id if pointer else ""


def _served(shut: Mapping[str, Status]) -> tuple[dict[str, Any], tuple[Shown, ...]]:
    index, bundled = Index(settings.SITE_FILES), settings.BUNDLED_EXTENSIONS
    pointer = index.pointer()
    if pointer is None:
        return {"commit": "", "registry": ""}, ()
    configuration, kept = pointer.site_configuration(), index.kept()
    pinned = settings.PINS_REQUIRED
    draft = Draft(configuration=configuration, kept=kept, bundled=bundled, pinned=pinned)
    pins = lock.read_lock(kept.get(lock.PATH)).tables
    listed = [(each, pins.entry(each.kind, each.choice.id)) for each in everything(draft)]
    digest = settled(configuration, kept, bundled, pinned=pinned).digest
    return {"commit": pointer.commit_id, "registry": digest}, inventory(listed, shut)


def _table(listed: tuple[Shown, ...], others: Mapping[str, Status]) -> str:
    lines = []
    for each in listed:
        state = each.standing
        if each.standing == ENABLED and each.state != CLOSED_STATE:
            state = each.state
        digest = each.digest[:DIGEST]
        lines.append(f"{each.key:28} {each.version:10} {state:12} {digest:{DIGEST}} {each.source}")
        lines += (f"    may {words}" for words in each.may)
        lines += (f"    {problem}" for problem in each.problems)
        lines += (f"    {key} is {shown(status)}" for key, status in each.shut.items())
    lines += (f"{key} (not of this commit) is {shown(each)}" for key, each in others.items())
    return "\n".join(lines)


def shown(status: Status) -> str:
    seconds = status.retry_in(time.time())
    again = "" if seconds is None else f", tried again in {seconds:.0f} s"
    return f"{status.state}{again}: {status.reason}"
