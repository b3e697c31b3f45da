"""Reads one extension out of a Git repository that is not the site's: one commit, bounded, into a
folder that is gone afterwards."""

import os
import re
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from apps.content.flaws import FlawError
from apps.content.problems import Problem, display_path
from apps.content.strict import read_toml
from apps.extensions import limits
from apps.extensions.finding import SITE, ExtensionFiles, Kind
from apps.extensions.names import ID
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git.access import Access
from apps.gitsync.git.commits import FILES
from apps.gitsync.git.output import TreeItem, tree_items
from apps.gitsync.git.repository import VISITED, Repository
from apps.gitsync.source import REMOTE, checked_branch, checked_remote

COMMIT: Final = re.compile(r"[0-9a-f]{40}")
FETCHED_BYTES: Final = 128 * limits.MIB
"""Of a file that Git writes for it, such as the pack."""
LINK, SUBMODULE = "120000", "160000"
MANIFESTS: Final[dict[str, Kind]] = {"plugin.toml": "plugin", "theme.toml": "theme"}


def is_remote(text: str) -> bool:
    return REMOTE.fullmatch(text) is not None


def without_password(remote: str) -> str:
    """As it may be written down."""
    parts = urlsplit(remote) if remote.startswith("https://") else None
    if parts is None or "@" not in parts.netloc:
        return remote
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def visited(
    remote: str, wanted: str | None, folder: str, access: Access
) -> tuple[ExtensionFiles, str, list[Problem]]:
    """The extension in a folder of the repository, the commit, and why some of its files could not
    be read. `wanted` is a commit, a branch or a tag. Raises GitFault."""
    checked = checked_remote(remote)
    with tempfile.TemporaryDirectory(prefix="whispercms-") as place:
        repository = Repository(Path(place) / "visited.git", file_bytes=FETCHED_BYTES)
        repository.create()
        commit = _fetched(repository, checked, wanted, access)
        prefix = f"{folder.strip('/')}/" if folder.strip("/.") else ""
        files, problems = _files(repository, commit, prefix)
    return _extension(files, prefix or checked), commit, problems


def _fetched(repository: Repository, remote: str, wanted: str | None, access: Access) -> str:
    if wanted is not None and not COMMIT.fullmatch(wanted):
        checked_branch(wanted)
    repository.fetch_one(remote, wanted or "HEAD", access)
    commit = repository.resolve(f"{VISITED}^{{commit}}")
    if commit is None or (wanted and COMMIT.fullmatch(wanted) and commit != wanted):
        reason = f"the remote has no commit {wanted or 'HEAD'}"
        raise RemoteFault("commit.unknown", reason, "Name a commit, a branch or a tag that it has")
    return commit


def _files(
    repository: Repository, commit: str, prefix: str
) -> tuple[dict[str, bytes], list[Problem]]:
    """By the name below the folder; hidden files are none of an extension's."""
    listed = repository.plumb("ls-tree", "-r", "-z", "--full-tree", commit, "--", prefix or ".")
    items = {
        display_path(item.path).removeprefix(prefix): item
        for item in tree_items(listed)
        if not any(part.startswith(b".") for part in item.path[len(prefix.encode()) :].split(b"/"))
    }
    if len(items) > limits.FILES:
        raise _too_large(f"it has over {limits.FILES} files")
    plain = {name: item for name, item in items.items() if _is_plain(name, item)}
    sizes = repository.sizes(sorted({item.blob for item in plain.values()}))
    if sum(sizes[item.blob] for item in plain.values()) > limits.EXTENSION_BYTES:
        raise _too_large(f"its files have over {limits.EXTENSION_BYTES} bytes together")
    contents = dict(repository.read(sorted({item.blob for item in plain.values()})))
    problems = [
        _unfit(f"{prefix}{name}", item) for name, item in sorted(items.items()) if name not in plain
    ]
    return {name: contents[item.blob] for name, item in sorted(plain.items())}, problems


def _unfit(path: str, item: TreeItem) -> Problem:
    if item.mode == LINK:
        return Problem(path, 0, "path.link", "this is a symbolic link; the file itself is needed")
    if item.mode == SUBMODULE:
        return Problem(path, 0, "path.submodule", "submodules are not read; the files are needed")
    return Problem(path, 0, "path.control", "the file's name cannot be read everywhere; rename it")


def _is_plain(name: str, item: TreeItem) -> bool:
    return item.mode in FILES and "\\" not in name and os.fsdecode(item.path).endswith(name)


def _extension(files: dict[str, bytes], place: str) -> ExtensionFiles:
    found = [name for name in MANIFESTS if name in files]
    if len(found) != 1:
        which = "neither" if not found else "both"
        reason = f"{without_password(place)} has {which} plugin.toml and theme.toml"
        raise GitFault("extension.missing", reason, "Name the folder that has one, with --folder")
    name = _id(files[found[0]]) or Path(place.rstrip("/")).name.removesuffix(".git")
    return ExtensionFiles(MANIFESTS[found[0]], name, SITE, MappingProxyType(files))


def _id(manifest: bytes) -> str | None:
    """What it calls itself: the repository may be called anything."""
    try:
        name = read_toml(manifest[: limits.MANIFEST_BYTES].decode()).get("id")
    except (FlawError, UnicodeDecodeError):
        return None
    return name if isinstance(name, str) and ID.fullmatch(name) else None


def _too_large(reason: str) -> GitFault:
    return GitFault("commit.size", reason, "Name the folder of the extension alone")
