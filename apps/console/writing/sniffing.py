"""What an uploaded file is, by its first bytes and never by its name. Pure."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

START: Final = 4_096
"""Bytes that are looked at."""
SVG, HTML, TEXT, OTHER = "svg", "html", "text", "other"
_MAGIC: Final = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"%PDF-", ".pdf"),
    (b"OggS", ".ogg"),
    (b"ID3", ".mp3"),
    (b"\x1aE\xdf\xa3", ".webm"),
    (b"wOFF", ".woff"),
    (b"wOF2", ".woff2"),
    (b"PK\x03\x04", ".zip"),
    (b"\x1f\x8b", ".gz"),
    (b"\x00\x00\x01\x00", ".ico"),
)
_RIFF: Final = {b"WEBP": ".webp", b"WAVE": ".wav"}
_BRANDS: Final = {b"avif": ".avif", b"avis": ".avif", b"qt  ": ".mov", b"M4A ": ".m4a"}
SAME: Final = {
    ".jpg": frozenset((".jpg", ".jpeg")),
    ".ogg": frozenset((".ogg", ".oga", ".ogv", ".opus")),
    ".webm": frozenset((".webm", ".mkv")),
    ".mp4": frozenset((".mp4", ".m4v")),
    ".gz": frozenset((".gz", ".tgz")),
    ".zip": frozenset((".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".kmz")),
}
"""Endings that name the same kind of bytes."""
TEXTS: Final = frozenset((".txt", ".csv", ".tsv", ".vtt", ".srt", ".ics", ".gpx", ".geojson"))
KNOWN: Final = frozenset((*(ending for _, ending in _MAGIC), *_RIFF.values(), *_BRANDS.values()))
MARKED: Final = frozenset((".svg", ".html", ".htm", ".xhtml", ".xml", ".js", ".mjs", ".css"))
"""Endings that a browser would act upon."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`ending` is what its name should end with; `is_active` says that it may hold a program."""

    ending: str
    is_active: bool = False


def sniffed(name: str, start: bytes) -> Sniffed:
    own = PurePosixPath(name.lower()).suffix
    if ending := _by_magic(start[:START]):
        return Sniffed(own if own in SAME.get(ending, frozenset((ending,))) else ending)
    try:
        text = start[:START].decode("utf-8", "strict" if len(start) < START else "ignore")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return Sniffed(own if own not in KNOWN | MARKED | TEXTS and own else ".bin")
    return _of_text(own, text)


def _of_text(own: str, text: str) -> Sniffed:
    head = text.lstrip("\ufeff \t\r\n").lower()
    if "<svg" in head and head.startswith(("<svg", "<?xml", "<!--", "<!doctype svg")):
        return Sniffed(".svg", is_active=True)
    if head.startswith(("<!doctype html", "<html", "<head", "<body", "<script")):
        return Sniffed(".html", is_active=True)
    if own in MARKED - {".svg", ".html", ".htm", ".xhtml"}:
        return Sniffed(own, is_active=True)
    return Sniffed(own if own in TEXTS else ".txt")


def _by_magic(start: bytes) -> str:
    if start[:4] == b"RIFF":
        return _RIFF.get(start[8:12], "")
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], ".mp4")
    return next((ending for magic, ending in _MAGIC if start.startswith(magic)), "")
