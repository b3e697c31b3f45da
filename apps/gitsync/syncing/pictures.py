"""Has the pictures of a commit looked at, so that the index knows their type and size."""

from collections.abc import Sequence
from dataclasses import replace

from apps.content.entries import Asset, Entry
from apps.content.files import ContentFiles
from apps.content.image_workers import ImageWorkers
from apps.content.images.facts import HEAVY, Facts, is_looked_at
from apps.content.problems import Problem

UNREADABLE = "no picture can be read in this file; save it again"
TOO_LARGE = "{} x {} pixels are too many for smaller versions; it is served as it is"


def looked_at(files: ContentFiles, images: ImageWorkers, entries: Sequence[Entry]) -> list[Entry]:
    """The same entries. Each blob is read once, from the disk. Raises WorkerFault where it was the
    machine that failed."""
    blobs = sorted({each.asset.blob for each in entries if each.asset and _is_asked(each.asset)})
    known = dict(zip(blobs, images.look(map(files.asset, blobs)), strict=True))
    return [
        _told(entry, known[entry.asset.blob]) if entry.asset and _is_asked(entry.asset) else entry
        for entry in entries
    ]


def _is_asked(asset: Asset) -> bool:
    return is_looked_at(asset.source) and asset.size > 0


def _told(entry: Entry, facts: Facts | None) -> Entry:
    assert entry.asset is not None
    if facts is None:
        return _with(entry, Problem(entry.source, 0, "image.unreadable", UNREADABLE))
    asset = replace(
        entry.asset,
        type=facts.type,
        width=facts.width,
        height=facts.height,
        nature=facts.nature,
    )
    entry = replace(entry, asset=asset)
    if facts.nature != HEAVY:
        return entry
    reason = TOO_LARGE.format(facts.width, facts.height)
    return _with(entry, Problem(entry.source, 0, "image.too-large", reason))


def _with(entry: Entry, problem: Problem) -> Entry:
    return replace(entry, problems=(*entry.problems, problem))
