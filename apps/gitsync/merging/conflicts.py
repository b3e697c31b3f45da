"""What a merge could not decide, as it is kept in the repository and read again. Pure.

Canonical JSON: the same merge is kept under the same name, wherever it is tried.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from apps.content.carrying import told_text
from apps.content.merging.conflicts import Conflict, as_bytes
from apps.content.merging.three_way import Side, Three
from apps.gitsync.errors import GitFault
from apps.gitsync.merging.contests import Kind, Version, Versions

FORMAT = 1
NAME_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FileConflict:
    """`is_open` says that the file as a whole needs a side: its name, its kind or whether it is
    there. `places` are those in its content that need one. `others` are versions that no side
    stands for."""

    path: str
    kind: Kind
    versions: Versions
    is_open: bool
    places: tuple[Conflict, ...] = ()
    others: tuple[Version, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConflict:
    """`ref` was to move from `ours` to the merge of both. `rest` is the tree of all that is
    decided."""

    ref: str
    message: str
    base: str
    ours: str
    theirs: str
    rest: str
    files: tuple[FileConflict, ...]

    @property
    def id(self) -> str:
        named = "\n".join((self.ref, self.base, self.ours, self.theirs))
        return hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:NAME_LENGTH]


def as_json(conflict: MergeConflict) -> dict[str, Any]:
    """Numbers are those that choices are made by: `1` is a file, `1.2` a place in it."""
    return {
        "format": FORMAT,
        "id": conflict.id,
        "ref": conflict.ref,
        "message": conflict.message,
        "base": conflict.base,
        "ours": conflict.ours,
        "theirs": conflict.theirs,
        "rest": conflict.rest,
        "files": [_file_as_json(file) for file in conflict.files],
    }


def encode(conflict: MergeConflict) -> bytes:
    return (json.dumps(as_json(conflict), sort_keys=True, separators=(",", ":")) + "\n").encode()


def decode(content: bytes) -> MergeConflict:
    """Raises GitFault for what `encode` did not write."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        texts = {
            name: told_text(told[name])
            for name in ("ref", "message", "base", "ours", "theirs", "rest")
        }
        conflict = MergeConflict(**texts, files=tuple(map(_file, told["files"])))
        if conflict.id != told["id"]:
            raise ValueError(told["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise GitFault(
            "conflict.form", "a kept conflict cannot be read", "Forget it and merge again"
        ) from error
    return conflict


def _file_as_json(file: FileConflict) -> dict[str, Any]:
    return {
        "path": file.path,
        "kind": file.kind,
        "open": file.is_open,
        "reason": file.reason,
        "others": [_version_as_json(version) for version in file.others],
        "places": [_place_as_json(place) for place in file.places],
        **{side: _version_as_json(file.versions.at(side)) for side in Side},
    }


def _file(told: Any) -> FileConflict:
    return FileConflict(
        path=told_text(told["path"]),
        kind=Kind(told["kind"]),
        versions=Three(*(_version(told[side]) for side in Side)),
        is_open=told["open"] is True,
        places=tuple(map(_place, told["places"])),
        others=tuple(v for v in map(_version, told["others"]) if v),
        reason=told_text(told["reason"]),
    )


def _version_as_json(version: Version | None) -> dict[str, str] | None:
    if version is None:
        return None
    return {"path": version.path, "mode": version.mode, "blob": version.blob}


def _version(told: Any) -> Version | None:
    if told is None:
        return None
    return Version(told_text(told["path"]), told_text(told["mode"]), told_text(told["blob"]))


def _place_as_json(place: Conflict) -> dict[str, Any]:
    sides = {Side.BASE: place.base, Side.OURS: place.ours, Side.THEIRS: place.theirs}
    return {
        "field": list(place.field),
        "line": place.line,
        **{
            side: None if content is None else content.decode("utf-8", "surrogateescape")
            for side, content in sides.items()
        },
    }


def _place(told: Any) -> Conflict:
    base, ours, theirs = (
        None if told[side] is None else as_bytes(told_text(told[side])) for side in Side
    )
    return Conflict(
        field=tuple(map(told_text, told["field"])),
        line=int(told["line"]),
        base=base,
        ours=ours,
        theirs=theirs,
    )
