"""What became of one extension of a site over time: its files at a commit, and who did what."""

import os
from collections.abc import Sequence
from types import MappingProxyType

from apps.content.flaws import FlawError
from apps.content.strict import read_toml
from apps.extensions.finding import SITE, ExtensionFiles, Kind
from apps.extensions.limits import FILE_BYTES, FILES, MANIFEST_BYTES, VERSION_CHARACTERS
from apps.extensions.manifests import manifest_path
from apps.extensions.messages import readable
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES as REGULAR
from apps.gitsync.git.output import tree_items
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import files_at
from apps.gitsync.writing.path_history import PathCommit, folder_history

EXTENSION = "Extension"
"""The trailer that names it in the commits of its owner."""


def versions(
    repository: Repository, commit: str, kind: Kind, name: str, *, limit: int
) -> list[PathCommit]:
    """The commits that changed its files, the newest first."""
    return folder_history(repository, commit, f"{kind}s/{name}", limit=limit)


def numbers(
    repository: Repository, commits: Sequence[str], kind: Kind, name: str
) -> dict[str, str]:
    """What the extension called its version at each commit, where it said so."""
    path = manifest_path(kind, name)
    blobs = {c: items[path].blob for c in commits if (items := files_at(repository, c, [path]))}
    sizes = repository.sizes(sorted(set(blobs.values())))
    fit = sorted(blob for blob, size in sizes.items() if size <= MANIFEST_BYTES)
    told = {blob: _number(content) for blob, content in repository.read(fit)}
    return {commit: told[blob] for commit, blob in blobs.items() if told.get(blob)}


def _number(manifest: bytes) -> str:
    try:
        said = read_toml(manifest.decode()).get("version")
    except (FlawError, UnicodeDecodeError):
        return ""
    return readable(said)[:VERSION_CHARACTERS] if isinstance(said, str) else ""


def acts(
    repository: Repository, commit: str, kind: Kind, name: str, *, limit: int
) -> list[PathCommit]:
    """The commits of an owner that were about it alone, the newest first."""
    said = f"{EXTENSION}: {kind}:{name}"
    found = folder_history(repository, commit, ".", said=said, limit=limit)
    return [each for each in found if each.trailers.get(EXTENSION) == f"{kind}:{name}"]


def extension_at(
    repository: Repository, commit: str, kind: Kind, name: str
) -> ExtensionFiles | None:
    """None where the site had none of its own. Raises GitFault for what is too large to be one."""
    folder = f"{kind}s/{name}/"
    listed = repository.plumb("ls-tree", "-r", "-z", "--full-tree", commit, "--", folder)
    items = [item for item in tree_items(listed) if item.mode in REGULAR]
    if not items:
        return None
    sizes = repository.sizes(sorted({item.blob for item in items}))
    if len(items) > FILES or any(size > FILE_BYTES for size in sizes.values()):
        raise GitFault("commit.size", f"{folder} was too large at that commit", "Choose another")
    contents = dict(repository.read(sorted({item.blob for item in items})))
    files = {os.fsdecode(i.path).removeprefix(folder): contents[i.blob] for i in items}
    return ExtensionFiles(kind, name, SITE, MappingProxyType(dict(sorted(files.items()))))
