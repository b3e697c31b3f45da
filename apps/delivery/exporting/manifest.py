"""What an export consists of, as a file beside it: the same export has the same bytes. Pure."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Final

from apps.delivery.exporting.bounds import FILES, MANIFEST_BYTES
from apps.delivery.exporting.places import Unplaceable, checked

VERSION: Final = 1
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class ManifestError(ValueError):
    """It is not what an export has written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file. `type` is what the live site says of it."""

    path: str
    sha256: str
    bytes: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`files` are in the order of their paths; `release` is empty where the commit is of none."""

    commit: str = ""
    release: str = ""
    base_url: str = ""
    files: tuple[Exported, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(each.path for each in self.files)


def encoded(manifest: Manifest) -> bytes:
    head = {"version": VERSION, "commit": manifest.commit, "release": manifest.release}
    listed = [asdict(each) for each in sorted(manifest.files, key=lambda each: each.path)]
    values = {**head, "base_url": manifest.base_url, "files": listed}
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def decoded(content: bytes) -> Manifest:
    """Of any bytes. Raises ManifestError."""
    if len(content) > MANIFEST_BYTES:
        raise ManifestError(f"is larger than {MANIFEST_BYTES} bytes")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ManifestError("is not JSON") from error
    if type(values) is not dict or values.get("version") != VERSION:
        raise ManifestError(f"is not of version {VERSION}")
    files = values.get("files")
    if type(files) is not list or len(files) > FILES:
        raise ManifestError("has no list of files, or too long a one")
    found = tuple(_file(each) for each in files)
    if len({each.path for each in found}) != len(found):
        raise ManifestError("names a file twice")
    texts = {name: _text(values, name) for name in ("commit", "release", "base_url")}
    return Manifest(**texts, files=found)


def _file(values: Any) -> Exported:
    if type(values) is not dict:
        raise ManifestError("has a file that is no table")
    path, digest, size = _text(values, "path"), _text(values, "sha256"), values.get("bytes")
    if type(size) is not int or size < 0 or _DIGEST.fullmatch(digest) is None:
        raise ManifestError("has a file without its length or digest")
    try:
        checked(path)
    except (Unplaceable, UnicodeError) as error:
        raise ManifestError(f"names {path[:80]!r}, which {error}") from error
    return Exported(path=path, sha256=digest, bytes=size, type=_text(values, "type"))


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if type(value) is not str:
        raise ManifestError(f"says no {name}")
    return value
