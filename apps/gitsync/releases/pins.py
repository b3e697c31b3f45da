"""What the pages of a commit are made from on this node, and how that differs from a release. Pure
but for the bundled extensions, which are read once."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from apps.content.configuration import Configuration
from apps.content.problems import Problem
from apps.extensions import lock
from apps.extensions.configuration import read_choices
from apps.extensions.finding import SITE, find
from apps.extensions.settling import HOST
from apps.gitsync.releases.release import ExtensionPin, Pins

POLICIES = "policies/"
TREE, EXTENSION, LOCK = "release.tree", "release.extension", "release.grants"
POLICY, RENDERER, HOSTED = "release.policies", "release.renderer", "release.host"


@dataclass(frozen=True, slots=True)
class Difference:
    """`here` says that not the commit but this node's WhisperCMS is another."""

    problem: Problem
    here: bool


def pins_of(
    configuration: Configuration,
    kept: Mapping[str, bytes],
    *,
    tree: str,
    renderer: str,
    bundled: Path,
) -> Pins:
    """`kept` are the site's own files by path, as they were loaded."""
    choices = read_choices(configuration)
    themes = (find("theme", each.id, kept, bundled) for each in choices.themes)
    plugins = (find("plugin", each.id, kept, bundled) for each in choices.plugins)
    found = {each.folder: each for each in (*themes, *plugins) if each}
    return Pins(
        tree=tree,
        extensions=tuple(
            (folder, ExtensionPin(origin=each.origin, digest=each.digest()))
            for folder, each in sorted(found.items())
        ),
        lock=_digest(kept[lock.PATH]) if lock.PATH in kept else None,
        policies=_policies(kept),
        renderer=renderer,
        schema=configuration.schema,
        host=str(HOST),
    )


def differences(pinned: Pins, found: Pins) -> list[Difference]:
    """In the order of what they say most about."""
    rows = [
        (TREE, pinned.tree, found.tree, "the commit's tree is another", False),
        (LOCK, pinned.lock, found.lock, f"{lock.PATH} is another", False),
        (POLICY, pinned.policies, found.policies, f"{POLICIES} is another", False),
        (RENDERER, pinned.renderer, found.renderer, "bodies are rendered by other versions", True),
        (HOSTED, pinned.host, found.host, "it was made by another WhisperCMS", True),
    ]
    plain = [
        Difference(_problem(code, f"{reason}: {before}, here {now}", here=here), here)
        for code, before, now, reason, here in rows
        if before != now
    ]
    return plain + list(_extensions(dict(pinned.extensions), dict(found.extensions)))


def _extensions(
    pinned: Mapping[str, ExtensionPin], found: Mapping[str, ExtensionPin]
) -> Iterator[Difference]:
    for folder in sorted(pinned.keys() | found.keys()):
        before, now = pinned.get(folder), found.get(folder)
        if before != now:
            here = all(each is None or each.origin != SITE for each in (before, now))
            reason = f"{folder} has other bytes: {_told(before)}, here {_told(now)}"
            yield Difference(_problem(EXTENSION, reason, here=here, path=folder), here)


def _told(pin: ExtensionPin | None) -> str:
    return f"{pin.origin} {pin.digest}" if pin else "none"


def _problem(code: str, reason: str, *, here: bool, path: str = "") -> Problem:
    remedy = (
        "use the WhisperCMS that the release was made with, or make a new release with this one"
        if here
        else "the clone or the index of this node is damaged; run manage.py syncrepo --rebuild"
    )
    return Problem(path or "release.json", 0, code, f"{reason}; {remedy}")


def _policies(kept: Mapping[str, bytes]) -> str | None:
    named = {path: content for path, content in kept.items() if path.startswith(POLICIES)}
    lines = (f"{path}\0{_digest(content)}\n" for path, content in sorted(named.items()))
    return _digest("".join(lines).encode()) if named else None


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
