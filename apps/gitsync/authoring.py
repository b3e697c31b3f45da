"""What a person does at this node: saves, publishes, is told of what is not published. For
commands, tasks and start-up; later for the console."""

import os
import pwd
import re
import socket
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

import structlog

from apps.extensions.authorising import TASK
from apps.gitsync.clone.remote import branch_name
from apps.gitsync.clone.standing import read_standing, unpublished
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.local import storage, sync_and_record
from apps.gitsync.resources import ask, branch
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.update import LocalSite
from apps.gitsync.writing.publication import PublishReport
from apps.gitsync.writing.publishing import Tell, ignore, publish, publish_asked
from apps.gitsync.writing.wording import checked_name

log = structlog.get_logger("whispercms.publish")

WRITTEN: Final = re.compile(r"\s*([^<>]+?)\s*<([^<>]+)>\s*")
NODE: Final = "WhisperCMS"
"""Who merges when a node publishes on its own what was asked for before."""


def local_author(text: str | None = None) -> Author:
    """`Name <address>`, else the user of this process. Raises GitFault."""
    name, email = _user() if text is None else _written(text)
    return Author(checked_name(name), checked_name(email), f"{int(time.time())} +0000")


def publish_here(
    site: LocalSite,
    *,
    author: Author,
    dry_run: bool = False,
    restore: bool = False,
    tell: Tell = ignore,
) -> PublishReport:
    """Publishes, then brings this node's own index along. Raises GitFault."""
    judged = _as_by_servers(site)
    call = partial(publish, judged, author=author, dry_run=dry_run, restore=restore, tell=tell)
    with storage():
        report = with_whole_clone(site.source, call)
    return report if dry_run else _followed(site, report)


def foreseen(site: LocalSite, *, author: Author) -> PublishReport:
    """What would come of publishing now, by what was fetched last: no network, and nothing changes.
    Raises GitFault."""
    with storage():
        return publish(_as_by_servers(site), author=author, dry_run=True, fetching=False)


def publish_waiting(site: LocalSite) -> PublishReport | None:
    """What a person asked for before, when the remote could not be reached. Never raises for it:
    the commits stay, and so does the note where trying again is worth it."""
    if not waiting(site.source):
        return None
    try:
        ask(TASK, "publish", branch(site.source.environment))
        with storage():
            call = partial(publish_asked, _as_by_servers(site), author=_node())
            report = with_whole_clone(site.source, call)
    except GitFault as error:
        log.warning("not published", code=error.code, reason=str(error))
        return None
    if report is None:
        return None
    log.info("published what was asked for", state=report.state, commit=report.new)
    return _followed(site, report)


def waiting(source: SiteSource) -> bool:
    """Whether something was asked to be published and is not yet."""
    repository = Repository(source.repository)
    with suppress(GitFault):
        branch = branch_name(repository, source) if repository.exists() else None
        return branch is not None and read_standing(repository, branch).asked is not None
    return False


def count_unpublished(source: SiteSource) -> int:
    """Commits that this node alone has; 0 where nobody ever wrote."""
    repository = Repository(source.repository)
    with suppress(GitFault):
        return unpublished(repository, branch_name(repository, source))
    return 0


def _as_by_servers(site: LocalSite) -> LocalSite:
    return replace(site, check=site.check_of_servers or site.check)


def _followed(site: LocalSite, report: PublishReport) -> PublishReport:
    """What is published stays so, whatever this node's disk does."""
    try:
        return replace(report, synced=sync_and_record(site, fetching=False))
    except GitFault as error:
        log.warning("published, but not served here yet", code=error.code, reason=str(error))
        return report


def _written(text: str) -> tuple[str, str]:
    found = WRITTEN.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _user() -> tuple[str, str]:
    try:
        user = pwd.getpwuid(os.getuid())
        name, login = user.pw_gecos.partition(",")[0].strip(), user.pw_name
    except KeyError:
        name, login = "", str(os.getuid())
    return name or login, f"{login}@{socket.gethostname()}"


def _node() -> Author:
    email = f"whispercms@{socket.gethostname()}"
    return Author(NODE, email, f"{int(time.time())} +0000")
