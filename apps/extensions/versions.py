"""One version of the registry as a value: which extensions run, in which way; and what differs
between two. Pure: a commit and a version of the product always come to the same one."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.extensions.settling import Ready, Settled

APPLIED: Final = "registry.applied"
ENABLED: Final = "extension.enabled"
DISABLED: Final = "extension.disabled"
UPGRADED: Final = "extension.upgraded"
CONFIGURED: Final = "extension.configured"
GRANTED: Final = "extension.granted"
Fact = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One extension of a version. `set_up` changes with its settings, mounts and group."""

    version: str
    digest: str
    set_up: str
    grants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """`digest` also changes with the order."""

    digest: str
    extensions: Mapping[str, Running]


NONE: Final = Version("", {})


def version_of(found: Settled) -> Version:
    by_key: dict[str, list[Ready]] = {}
    for each in (*found.themes, *found.plugins):
        by_key.setdefault(each.files.key, []).append(each)
    running = {key: _running(mounted) for key, mounted in sorted(by_key.items())}
    return Version(found.digest, running)


def facts(before: Version, after: Version, commit: str) -> tuple[Fact, ...]:
    """What is to be told of a change, the version last; nothing where it is the same."""
    if before.digest == after.digest:
        return ()
    told = {"commit": commit, "digest": after.digest, "before": before.digest}
    return (*_changes(before.extensions, after.extensions), (APPLIED, told))


def _changes(before: Mapping[str, Running], after: Mapping[str, Running]) -> Iterator[Fact]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if new is None:
            yield DISABLED, {"extension": key}
            continue
        told = {"extension": key, "version": new.version, "digest": new.digest}
        if old is None:
            yield ENABLED, told
            continue
        if old.digest != new.digest:
            yield UPGRADED, {**told, "before": old.digest}
        if old.set_up != new.set_up:
            yield CONFIGURED, {"extension": key}
        if old.grants != new.grants:
            yield GRANTED, {"extension": key, "capabilities": list(new.grants)}


def _running(mounted: list[Ready]) -> Running:
    first = mounted[0]
    rows = [[dict(each.settings), each.mount, each.group] for each in mounted]
    text = json.dumps(rows, sort_keys=True)
    return Running(
        version=str(first.manifest.version),
        digest=first.files.digest(),
        set_up=hashlib.sha256(text.encode()).hexdigest(),
        grants=tuple(sorted(first.granted)),
    )
