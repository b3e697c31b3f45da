"""A change to files of a site, checked before anything is written. Pure."""

from collections.abc import Mapping
from typing import Final

from apps.gitsync.errors import GitFault

MAX_PATHS: Final = 1_000
"""Files in one change."""
MAX_PATH_BYTES: Final = 1_024
MAX_CHANGE_BYTES: Final = 256 * 1024 * 1024
"""Of one change, all files together."""
Changes = Mapping[str, bytes | None]
"""Path → bytes; None removes."""


def check_changes(changes: Changes, *, file_bytes: int) -> None:
    """Raises GitFault. `file_bytes` is the most that one file may have."""
    if not 0 < len(changes) <= MAX_PATHS:
        raise _too_large(f"a commit changes 1 to {MAX_PATHS} files")
    for path, content in changes.items():
        check_path(path)
        if content is not None and len(content) > file_bytes:
            raise _too_large(f"{path} has over {file_bytes} bytes (setting asset_megabytes)")
    if sum(len(content) for content in changes.values() if content) > MAX_CHANGE_BYTES:
        raise _too_large(f"the files have over {MAX_CHANGE_BYTES} bytes together")


def check_path(path: str) -> None:
    """Raises GitFault for what names no file that every system can hold."""
    if not is_fit(path):
        raise GitFault("path.form", f"{path[:200]!r} cannot be a file of a site", "Rename it")


def is_fit(path: str) -> bool:
    bad = "\\" in path or any(part in ("", ".", "..") for part in path.split("/"))
    return not bad and path.isprintable() and len(path.encode()) <= MAX_PATH_BYTES


def _too_large(reason: str) -> GitFault:
    return GitFault("commit.size", reason, "Make several commits, or smaller files")
