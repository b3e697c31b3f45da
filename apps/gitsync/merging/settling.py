"""What becomes of a file in conflict once a side is chosen for what was open. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.content.flaws import Flaw
from apps.content.merging.document import Choices, Merged
from apps.content.merging.forms import form_of
from apps.content.merging.messages import FileMerges
from apps.content.merging.three_way import Side, Three
from apps.gitsync.errors import GitFault
from apps.gitsync.merging.conflicts import FileConflict
from apps.gitsync.merging.contests import Contest, mergeable, merged_mode

Contents = Mapping[str, bytes]
"""blob → bytes, of those that are not too long to be merged."""


@dataclass(frozen=True, slots=True)
class Choice:
    """For one file: a side for all of it, and sides for places in it, which count from 0."""

    side: Side | None = None
    places: Choices = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """A file as it is merged. With `content` its blob is still to be written."""

    path: str
    mode: str
    blob: str
    content: bytes | None = None
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The contents of versions, and who merges them."""

    merges: FileMerges
    contents: Contents

    def merged(self, file: Contest | FileConflict, choices: Choices) -> Merged | None:
        """None where there are no two contents to merge."""
        versions = file.versions
        if not mergeable(file.kind, versions):
            return None
        found = (self.contents.get(version.blob) if version else None for version in versions)
        base, ours, theirs = found
        if ours is None or theirs is None or (versions.base and base is None):
            return None
        return self.merges.merge(Three(base, ours, theirs), form_of(file.path), choices)


def settle(file: FileConflict, choice: Choice, files: Files) -> Settled | None:
    """None where the chosen side has no file. What is open and was not chosen is ours. Raises
    GitFault where the contents conflict in other places by now."""
    side = choice.side or Side.OURS
    version = file.versions.at(side)
    sides = {n: choice.places.get(n, side) for n in range(len(file.places))}
    merged = files.merged(file, sides)
    if merged and file.places and len(merged.conflicts) != len(file.places):
        reason = f"{file.path} conflicts in other places than when it was merged"
        raise GitFault("conflict.changed", reason, "Forget the conflict and merge again")
    is_one = not file.places and (merged is None or merged.conflicts)
    if is_one or merged is None or (file.is_open and version is None):
        return Settled(version.path, version.mode, version.blob) if version else None
    path, mode = file.path, merged_mode(file.versions) or ""
    if file.is_open and version:
        path, mode = version.path, version.mode
    return Settled(path, mode, "", merged.content, merged.flaws)


def open_numbers(file: FileConflict, number: int, choice: Choice) -> list[str]:
    """What must still be chosen, as people name it: `2` for a file, `2.1` for a place in it."""
    if choice.side is not None:
        return []
    places = [f"{number}.{n + 1}" for n in range(len(file.places)) if n not in choice.places]
    return [str(number), *places] if file.is_open else places
