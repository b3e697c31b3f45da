"""Files that are served as they are: assets beside documents, `media/`, and those of themes."""

from mimetypes import MimeTypes
from pathlib import PurePosixPath

from apps.content.files import ContentFiles
from apps.delivery.ranges import Unsatisfiable, byte_range, matches
from apps.delivery.replies import SECURITY, FilePart, Reply, plain
from apps.delivery.requests import PageRequest

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
REVALIDATE = "public, no-cache"


def content_type(name: str) -> str:
    kind, packed = TYPES.guess_type(PurePosixPath(name).name, strict=False)
    kind = PACKED.get(packed, DEFAULT_TYPE) if packed else kind or DEFAULT_TYPE
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def file_reply(request: PageRequest, files: ContentFiles, blob: str, size: int) -> Reply:
    """The bytes of a blob, or the part that was asked for. Missing on disk counts as 503: a sync
    with `--rebuild` brings the file back."""
    path = files.asset(blob)
    if not path.exists():
        return plain(503, "This file is not available right now.\n", ("retry-after", "60"))
    etag = f'"{blob}"'
    headers = _headers(request.path, etag, REVALIDATE)
    if matches(request.header("if-none-match"), etag):
        return _unchanged(headers)
    if_range = request.header("if-range")
    wanted = request.method == "GET" and if_range in (None, etag)
    asked = request.header("range") if wanted else None
    try:
        part = byte_range(asked, size)
    except Unsatisfiable:
        return plain(416, "No such range.\n", ("content-range", f"bytes */{size}"))
    start, length = part or (0, size)
    headers = (*headers, ("accept-ranges", "bytes"), ("content-length", str(length)))
    if part is None:
        return Reply(200, headers, FilePart(path, 0, size))
    spot = ("content-range", f"bytes {start}-{start + length - 1}/{size}")
    return Reply(206, (*headers, spot), FilePart(path, start, length))


def theme_asset_reply(request: PageRequest, content: bytes, digest: str) -> Reply:
    """An asset of a theme; its address holds its digest, so it may be kept for ever."""
    etag = f'"{digest}"'
    headers = _headers(request.path, etag, FOREVER)
    if matches(request.header("if-none-match"), etag):
        return _unchanged(headers)
    return Reply(200, (*headers, ("content-length", str(len(content)))), content)


def _unchanged(headers: tuple[tuple[str, str], ...]) -> Reply:
    return Reply(304, tuple(pair for pair in headers if pair[0] != "content-type"))


def _headers(path: str, etag: str, caching: str) -> tuple[tuple[str, str], ...]:
    kind = content_type(path)
    scriptable = kind.split(";")[0] in SCRIPTABLE
    return (
        ("content-type", kind),
        ("etag", etag),
        ("cache-control", caching),
        *SECURITY,
        *((("content-security-policy", SANDBOX),) if scriptable else ()),
    )
