"""The commit that an import builds upon, and what it has already."""

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.content.catalogue import sources
from apps.content.configuration import TABLE
from apps.content.files import ContentFiles
from apps.content.flaws import FlawError
from apps.content.strict import read_toml
from apps.gitsync.clone.remote import branch_name, target
from apps.gitsync.clone.standing import newest, read_standing
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES
from apps.gitsync.git.repository import Repository
from apps.gitsync.importing import ledger
from apps.gitsync.importing.site_files import AUTHORS, TERMS
from apps.gitsync.source import SiteSource, checked_branch

CONFIG: Final = "config.toml"
CONFIG_BYTES: Final = 1024 * 1024
DATA_BYTES: Final = 64 * CONFIG_BYTES
LAYOUT_REMEDY: Final = (
    "Import into a site of the layout whispercms: one with a table [whispercms] in config.toml"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """`own` is where the branch of this node stands, None where there is none yet; `there` are
    blobs by path of `commit`, `earlier` files of authors and terms."""

    branch: str
    is_served: bool
    own: str | None
    commit: str
    there: Mapping[str, str]
    config: bytes
    earlier: Mapping[str, bytes]
    ledger: Mapping[str, ledger.Entry]
    served: Mapping[str, str]


def base_of(repository: Repository, source: SiteSource, files: ContentFiles, branch: str) -> Base:
    """A branch goes on from where it is, or begins anew where the served one has all of it.
    Raises GitFault."""
    name, newest_served = checked_branch(branch), target(repository, source).commit
    is_served = name == branch_name(repository, source)
    at = read_standing(repository, name)
    tip = newest(repository, at)
    beyond = not is_served and tip and not repository.is_ancestor(tip, newest_served)
    commit = tip if tip and beyond else newest_served
    items = [item for item in repository.tree(commit) if item.mode in FILES]
    there = {os.fsdecode(item.path): item.blob for item in items}
    config = _content(repository, there.get(CONFIG), CONFIG_BYTES) or b""
    _insist_on_layout(config)
    return Base(
        branch=name,
        is_served=is_served,
        own=at.own,
        commit=commit,
        there=there,
        config=config,
        earlier={
            path: _content(repository, there[path], DATA_BYTES) or b""
            for path in (AUTHORS, TERMS)
            if path in there
        },
        ledger=ledger.ledger_of(_content(repository, there.get(ledger.PATH), ledger.BYTES)),
        served=_served(files),
    )


def _content(repository: Repository, blob: str | None, most: int) -> bytes | None:
    if blob is None:
        return None
    if (size := repository.sizes([blob])[blob]) > most:
        raise GitFault("commit.size", f"a file of the site has {size} bytes", "Shorten it")
    return b"".join(content for _, content in repository.read([blob]))


def _insist_on_layout(config: bytes) -> None:
    """Documents of other layouts know no `path`, and old addresses would be lost."""
    try:
        table = read_toml(config.decode()).get(TABLE)
    except (UnicodeDecodeError, FlawError) as error:
        reason = f"config.toml cannot be read ({error})"
        raise GitFault("wordpress.layout", reason, "Mend it") from error
    usual = isinstance(table, dict) and table.get("layout", "whispercms") == "whispercms"
    if not usual or (isinstance(table, dict) and table.get("content", "content") != "content"):
        reason = "the site that is served is of another layout"
        raise GitFault("wordpress.layout", reason, LAYOUT_REMEDY)


def _served(files: ContentFiles) -> dict[str, str]:
    try:
        return sources(files) if files.index.exists() else {}
    except sqlite3.Error:
        return {}
