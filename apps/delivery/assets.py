"""Files that are served as they are: assets beside documents, `media/`, and those of themes."""

from mimetypes import MimeTypes
from pathlib import PurePosixPath

from apps.content.files import ContentFiles
from apps.delivery.http.encodings import is_text
from apps.delivery.replies import SECURITY, FilePart, Reply, plain

# Built-in tables only: what the machine's own mime.types says must not change a response.
TYPES = MimeTypes(filenames=())
for suffix, kind in {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".md": "text/plain",
    ".webmanifest": "application/manifest+json",
}.items():
    TYPES.add_type(kind, suffix)
PACKED = {"gzip": "application/gzip"}
DEFAULT_TYPE = "application/octet-stream"
# These can hold scripts; a sandbox gives them an origin of their own, where nothing is to be had.
SCRIPTABLE = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")
SANDBOX = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
FOREVER = "public, max-age=31536000, immutable"
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


def theme_asset_reply(path: str, content: bytes, digest: str) -> Reply:
    """An asset of a theme; its address holds its digest, so it may be kept for ever."""
    lasting = ("cache-control", FOREVER)
    return Reply(200, (*_headers(path, f'"{digest}"', len(content)), lasting), content)


def _missing() -> Reply:
    return plain(503, "This file is not available right now.\n", ("retry-after", "60"))


def _headers(path: str, etag: str, size: int) -> tuple[tuple[str, str], ...]:
    kind = content_type(path)
    scriptable = kind.split(";")[0] in SCRIPTABLE
    return (
        ("content-type", kind),
        ("content-length", str(size)),
        ("etag", etag),
        *SECURITY,
        *((("content-security-policy", SANDBOX),) if scriptable else ()),
    )
