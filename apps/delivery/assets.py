"""Files that are served as they are: assets beside documents, `media/`, and those of themes."""

import mimetypes
from mimetypes import MimeTypes
from pathlib import PurePosixPath

from apps.content.files import ContentFiles
from apps.content.shelf import Shelved, digest_of
from apps.delivery.http.encodings import is_text
from apps.delivery.http.sending import ASK_FIRST
from apps.delivery.replies import SECURITY, FilePart, Reply, plain

# Built-in tables only: what the machine's own mime.types says must not change a response.
mimetypes.inited = True
TYPES = MimeTypes(filenames=())
mimetypes.inited = False
for suffix, kind in {
    **dict.fromkeys((".js", ".mjs"), "text/javascript"),
    **dict.fromkeys((".md", ".log", ".toml", ".yaml", ".yml", ".srt"), "text/plain"),
    **dict.fromkeys((".jpg", ".jpeg", ".jfif"), "image/jpeg"),
    **{f".{name}": f"image/{name}" for name in ("apng", "avif", "bmp", "heic", "heif", "jxl")},
    **{f".{name}": f"image/{name}" for name in ("gif", "png", "tiff", "webp")},
    **{".ico": "image/vnd.microsoft.icon", ".svg": "image/svg+xml"},
    **{f".{name}": f"font/{name}" for name in ("otf", "ttf", "woff", "woff2")},
    **{f".{name}": f"audio/{name}" for name in ("aac", "flac", "opus", "wav")},
    **dict.fromkeys((".oga", ".ogg"), "audio/ogg"),
    **{".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".weba": "audio/webm"},
    **dict.fromkeys((".m4v", ".mp4"), "video/mp4"),
    **{".ogv": "video/ogg", ".webm": "video/webm", ".mov": "video/quicktime"},
    **{".mkv": "video/x-matroska", ".mpd": "application/dash+xml", ".vtt": "text/vtt"},
    ".m3u8": "application/vnd.apple.mpegurl",
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".geojson": "application/geo+json",
    ".gpx": "application/gpx+xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    **{".epub": "application/epub+zip", ".7z": "application/x-7z-compressed"},
}.items():
    TYPES.add_type(kind, suffix)
PACKED = {"gzip": "application/gzip"}
DEFAULT_TYPE = "application/octet-stream"
# These can hold scripts; a sandbox gives them an origin of their own, where nothing is to be had.
SCRIPTABLE = ("text/html", "text/xml", "application/xml")
XML = "+xml"
"""Of such types as well: a browser shows what is in it by its namespaces, XHTML among them."""
SANDBOX = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
FOREVER = "public, max-age=31536000, immutable"
STAND_IN = ("cache-control", ASK_FIRST)
"""Of what is sent in the place of something that may be there later."""
IN_MEMORY = 64 * 1024
"""Larger files are streamed from the disk."""
TEXT_IN_MEMORY = 512 * 1024
"""Of what is sent compressed, for which all of it must be read."""


def content_type(name: str) -> str:
    kind, packed = TYPES.guess_type(PurePosixPath(name).name, strict=False)
    kind = PACKED.get(packed, DEFAULT_TYPE) if packed else kind or DEFAULT_TYPE
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def file_reply(path: str, files: ContentFiles, blob: str, size: int) -> Reply:
    """The bytes of a blob. Missing on disk counts as 503: a sync with `--rebuild` brings the file
    back."""
    place, headers = files.asset(blob), _headers(path, f'"{blob}"', size)
    most = TEXT_IN_MEMORY if is_text(content_type(path)) else IN_MEMORY
    try:
        if size <= most:
            content = place.read_bytes()
            return Reply(200, headers, content) if len(content) == size else _missing()
        return Reply(200, headers, FilePart(place, 0, size)) if place.exists() else _missing()
    except OSError:
        return _missing()


def rendition_reply(form: str, kept: Shelved) -> Reply | None:
    """Its address says all that it was made from, so it may be kept for ever. None where the file
    is gone by now, or damaged."""
    lasting = ("cache-control", FOREVER)
    headers = (*_typed(f"image/{form}", f'"{kept.digest}"', kept.length), lasting)
    if kept.length > IN_MEMORY:
        return Reply(200, headers, FilePart(kept.path, 0, kept.length))
    try:
        content = kept.path.read_bytes()[: kept.length]
    except OSError:
        return None
    return Reply(200, headers, content) if digest_of(content).hex() == kept.digest else None


def theme_asset_reply(path: str, content: bytes, digest: str) -> Reply:
    """An asset of a theme; its address holds its digest, so it may be kept for ever."""
    lasting = ("cache-control", FOREVER)
    return Reply(200, (*_headers(path, f'"{digest}"', len(content)), lasting), content)


def _missing() -> Reply:
    return plain(503, "This file is not available right now.\n", ("retry-after", "60"))


def _headers(path: str, etag: str, size: int) -> tuple[tuple[str, str], ...]:
    return _typed(content_type(path), etag, size)


def _typed(kind: str, etag: str, size: int) -> tuple[tuple[str, str], ...]:
    scriptable = kind.split(";")[0] in SCRIPTABLE or kind.endswith(XML)
    return (
        ("content-type", kind),
        ("content-length", str(size)),
        ("etag", etag),
        *SECURITY,
        *((("content-security-policy", SANDBOX),) if scriptable else ()),
    )
