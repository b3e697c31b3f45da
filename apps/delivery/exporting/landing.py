"""Brings the folder to what was made: only what changed is written, each file at once, and the list
of them last. Killed at any moment, the next export makes it whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from apps.delivery.exporting.bounds import MANIFEST, STAGING
from apps.delivery.exporting.folder import Folder, FolderFault, shown
from apps.delivery.exporting.manifest import Exported, Manifest, ManifestError, decoded, encoded
from apps.delivery.exporting.places import folders

PENDING: Final = "pending.json"
NEXT: Final = "next.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Paths, in their order. `foreign` are files of somebody else, which stay."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


Ours = Mapping[str, Exported]
"""What exports have written, one that was killed as well."""


def begin(folder: Folder, *, stages: bool) -> Ours:
    """Raises FolderFault."""
    found = {each.path: each for each in read(folder, f"{STAGING}/{PENDING}").files}
    found |= {each.path: each for each in read(folder, MANIFEST).files}
    if stages:
        give_up(folder)
    return found


def give_up(folder: Folder) -> None:
    """What an export that was killed was about to write is still to be known by the next."""
    folder.unstage(keep=PENDING)


def read(folder: Folder, name: str) -> Manifest:
    """Empty where there is none. Raises FolderFault."""
    content = folder.read(name)
    try:
        return Manifest() if content is None else decoded(content)
    except ManifestError as error:
        remedy = "export to another folder, or empty this one"
        raise FolderFault(name, str(error), remedy) from error


def changes(
    folder: Folder, ours: Ours, wanted: Collection[str], written: Collection[str]
) -> Changes:
    """`written` is what differs of `wanted`. Raises FolderFault where somebody else's file is in
    the way."""
    others = list(folder.others(frozenset(ours)))
    _check_free([each for each in others if each not in wanted or each in written], wanted)
    return Changes(
        written=tuple(sorted(written)),
        removed=tuple(sorted(ours.keys() - set(wanted))),
        foreign=tuple(shown(each) for each in others if each not in wanted),
    )


def land(
    folder: Folder, ours: Ours, manifest: Manifest, staged: Mapping[str, str], made: Changes
) -> None:
    """Raises FolderFault and OSError; what was begun then, the next one ends."""
    if made.written or made.removed:
        files = {**ours, **{each.path: each for each in manifest.files}}
        folder.stage(NEXT, [encoded(Manifest(files=tuple(files.values())))])
        folder.land(NEXT, f"{STAGING}/{PENDING}")
    in_the_way = _in_the_way(made.removed, manifest.paths)
    for path in in_the_way:
        folder.remove(path)
    for path in made.written:
        folder.land(staged[path], path)
    for path in made.removed:
        folder.remove(path)
    content = encoded(manifest)
    if folder.read(MANIFEST) != content:
        folder.stage(NEXT, [content])
        folder.land(NEXT, MANIFEST)
    folder.unstage()


def _check_free(others: Collection[str], wanted: Collection[str]) -> None:
    for each in sorted({*_in_the_way(others, wanted), *(set(others) & set(wanted))}):
        reason = "is in the way, and no export has written it"
        raise FolderFault(shown(each), reason, "move it, or choose another folder")


def _in_the_way(others: Collection[str], wanted: Collection[str]) -> list[str]:
    """Files where there are to be folders, and files in folders that are to be files."""
    above = {each for path in wanted for each in folders(path)}
    files = frozenset(wanted)
    return [
        each for each in others if each in above or any(part in files for part in folders(each))
    ]
