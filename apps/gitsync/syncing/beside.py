"""The index of another commit beside the one that is served, to look at what it would show.

Made from a copy of the index that there is, so that only the difference is read. No ref moves, no
process is told, and what is made can be thrown away.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace

from apps.content.configuration import Configuration, ConfigurationError
from apps.content.files import ContentFiles
from apps.content.index import read_only
from apps.content.index_writer import IndexWriter
from apps.content.problems import Problem
from apps.gitsync.clone.remote import Target, branch_name
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import Stopwatch
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.sync import planned
from apps.gitsync.syncing.update import LocalSite, Refused, Run


def bring_beside(site: LocalSite, commit: str, files: ContentFiles) -> None:
    """`files` names an index that is not there yet; all else of it is the site's own.

    Raises GitFault for a commit that no page could be made of.
    """
    if site.files.index.exists():
        _copy(site.files, files)
    repository = Repository(site.source.repository)
    with closing(IndexWriter(files)) as writer, repository.at_hand():
        pointer = writer.pointer()
        if pointer and pointer.commit_id == commit:
            return
        run = Run(
            site=replace(site, source=_unjudged(site), files=files, check=_anything),
            repository=repository,
            writer=writer,
            goal=Target(branch_name(repository, site.source), commit),
            watch=Stopwatch(),
        )
        try:
            step = planned(run, rebuild=False)
        except (ConfigurationError, Refused) as error:
            reason = "; ".join(map(str, error.problems[:3]))
            raise GitFault("commit.unusable", reason, "Look at its files instead") from error
        writer.apply(step.change, step.after)


def _unjudged(site: LocalSite) -> SiteSource:
    """It is looked at and not served: whoever may not sign is no reason not to."""
    return replace(site.source, require_signatures=False)


def _anything(configuration: Configuration, kept: Mapping[str, bytes]) -> list[Problem]:
    """What cannot be used is found when it is loaded."""
    return []


def _copy(old: ContentFiles, new: ContentFiles) -> None:
    with closing(read_only(old)) as origin, closing(sqlite3.connect(new.index)) as copy:
        origin.backup(copy)
