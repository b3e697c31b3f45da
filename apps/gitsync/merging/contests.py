"""Which files two commits both changed, with their versions and what stands in the way. Pure.

Made of what Git says of a merge; `tree_merging` decides what it can of them.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.content.merging.three_way import Three
from apps.gitsync.git.commits import FILES
from apps.gitsync.git.output import TreeItem
from apps.gitsync.merging.output import BASE, OURS, THEIRS, Message, Stages, TreeMerge

STAGES = (BASE, OURS, THEIRS)
BOTH = {OURS, THEIRS}
CONTENT = ("CONFLICT (contents)", "CONFLICT (binary)")
REMOVED = ("CONFLICT (modify/delete)", "CONFLICT (rename/delete)")
RENAMED_TWICE = "CONFLICT (rename/rename)"
IN_THE_WAY = "CONFLICT (file/directory)"
"""Said as well of a file that is then found to be removed."""
COLLISION = "CONFLICT (rename involved in collision)"
FORMAT_OF_MODE = 3
"""The first digits of a mode tell files from links and submodules."""


class Kind(StrEnum):
    """What is contested of a file besides its content."""

    CONTENT = "content"
    """Nothing: both changed it, or both added it."""
    REMOVED = "removed"
    """One removed it, the other changed it."""
    RENAMED = "renamed"
    """Each gave it another name."""
    TYPE = "type"
    """It is a file on one side and a link, a submodule or a program on the other."""
    PLACE = "place"
    """Something else stands where it belongs."""
    NOTICE = "notice"
    """Git was not sure of something that no file shows."""


@dataclass(frozen=True, slots=True)
class Version:
    """A file on one side. Paths are text as `os.fsdecode` gives it."""

    path: str
    mode: str
    blob: str


Versions = Three[Version | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """`paths` are all that it occupies in Git's merged tree; `old` is its name before a rename to
    where another file stood."""

    path: str
    kind: Kind
    versions: Versions
    paths: tuple[str, ...] = ()
    reason: str = ""
    old: str | None = None


def mergeable(kind: Kind, versions: Versions) -> bool:
    """Whether there are two contents that can be merged."""
    modes = {version.mode for version in versions if version}
    both = versions.ours is not None and versions.theirs is not None
    return both and kind in (Kind.CONTENT, Kind.RENAMED) and modes <= {*FILES}


def merged_mode(versions: Versions) -> str | None:
    """Of a file that is on both sides; None where they made it a program and not."""
    base, ours, theirs = (version.mode if version else None for version in versions)
    if ours in (theirs, base):
        return theirs
    return ours if theirs == base else None


def contests(merge: TreeMerge) -> list[Contest]:
    """In the order of their paths. Whatever Git complains of is in one of them."""
    messages = [m for m in merge.messages if m.is_conflict and m.kind not in CONTENT]
    found = [c for m in messages if (c := _renamed_twice(m, merge.stages))]
    done = {path for contest in found for path in contest.paths}
    rest = {path: stages for path, stages in merge.stages.items() if os.fsdecode(path) not in done}
    found += _of_paths(rest, messages)
    unseen = [m for m in messages if not merge.stages.keys() & set(m.paths)]
    found += [_notice(m) for m in unseen if m.kind != IN_THE_WAY]
    return sorted(found, key=lambda contest: (contest.path, contest.kind))


def _renamed_twice(message: Message, stages: Stages) -> Contest | None:
    """Only where nothing else stands at the new names."""
    if message.kind != RENAMED_TWICE or len(message.paths) != len(STAGES):
        return None
    found = [stages.get(path, {}) for path in message.paths]
    if [list(each) for each in found] != [[BASE], [OURS], [THEIRS]]:
        return None
    items = {stage: item for each in found for stage, item in each.items()}
    paths = tuple(os.fsdecode(path) for path in message.paths)
    return Contest(
        path=paths[0],
        kind=Kind.RENAMED,
        versions=_versions(items, dict(zip(items, paths, strict=True))),
        paths=paths,
        reason=message.text,
    )


def _of_paths(stages: Stages, messages: Sequence[Message]) -> Iterator[Contest]:
    """Git puts a file aside as `name~commit` where something else has its name."""
    aside = {
        path: name
        for message in messages
        for path in message.paths
        for name in message.paths
        if path.startswith(name + b"~")
    }
    together: dict[bytes, Stages] = {}
    for path, items in stages.items():
        name = aside.get(path, path)
        apart = any(items.keys() & other.keys() for other in together.get(name, {}).values())
        together.setdefault(path if apart else name, {})[path] = items
    for name, group in together.items():
        yield _of_path(name, group, [m for m in messages if {name, *group} & set(m.paths)])


def _of_path(name: bytes, group: Stages, messages: Sequence[Message]) -> Contest:
    items = {stage: item for stages in group.values() for stage, item in stages.items()}
    path = os.fsdecode(name)
    met = next((m for m in messages if m.kind == COLLISION and m.paths[0] == name), None)
    return Contest(
        path=path,
        kind=_kind(items, {message.kind for message in messages} - {COLLISION}),
        versions=_versions(items, dict.fromkeys(items, path)),
        paths=tuple(os.fsdecode(each) for each in group),
        reason=" ".join(message.text for message in messages),
        old=os.fsdecode(met.paths[1]) if met else None,
    )


def _kind(items: dict[int, TreeItem], messages: set[str]) -> Kind:
    formats = {item.mode[:FORMAT_OF_MODE] for item in items.values()}
    if items.keys() >= BOTH and not messages:
        return Kind.CONTENT if len(formats) == 1 else Kind.TYPE
    if items.keys() >= BOTH and len(formats) > 1:
        return Kind.TYPE
    removed = BASE in items and len(items) == len(BOTH) and messages <= {*REMOVED}
    return Kind.REMOVED if removed else Kind.PLACE


def _notice(message: Message) -> Contest:
    path = os.fsdecode(message.paths[0]) if message.paths else ""
    versions: Versions = Three(None, None, None)
    return Contest(path=path, kind=Kind.NOTICE, versions=versions, reason=message.text)


def _versions(items: dict[int, TreeItem], paths: dict[int, str]) -> Versions:
    found = {stage: Version(paths[stage], item.mode, item.blob) for stage, item in items.items()}
    return Three(*(found.get(stage) for stage in STAGES))
