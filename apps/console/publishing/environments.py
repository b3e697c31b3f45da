"""The environments of this node and their releases, as pages show them. Asks no network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from apps.content.index import Index
from apps.gitsync.clone.remote import branch_name
from apps.gitsync.clone.standing import newest as newest_commit
from apps.gitsync.clone.standing import read_standing
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.releases.refs import known, newest, read
from apps.gitsync.releases.release import Release
from apps.gitsync.trust.signatures import letters
from apps.gitsync.writing.path_history import state_of

SHOWN: Final = 100
"""Releases on one page, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """`commit` is what it serves as far as this node knows, `tip` the newest of its branch; None
    where nothing is known. `held` says that this node has its pages; `release` is what it was last
    told."""

    name: str
    branch: str
    commit: str | None
    tip: str | None
    release: Release | None
    held: bool
    served_here: bool


@dataclass(frozen=True, slots=True)
class ShownRelease:
    release: Release
    signature: str
    is_current: bool


def environments() -> list[Environment]:
    """The one that is served here first. Raises GitFault."""
    repository = Repository(settings.SITE_SOURCE.repository)
    with repository.at_hand():
        ids = known(repository)
        found = [_environment(repository, name, ids) for name in settings.SITE_ENVIRONMENTS]
    return sorted(found, key=lambda each: (not each.served_here, each.name))


def environment(name: str) -> Environment:
    """Raises GitFault for one that the settings do not name."""
    for each in environments():
        if each.name == name:
            return each
    reason = f"there is no environment {name[:80]!r}"
    raise GitFault("environment.unknown", reason, "Choose one of those that the settings name")


def releases(current: Sequence[Environment]) -> list[ShownRelease]:
    """The newest first, with who signed them. Raises GitFault."""
    source = settings.SITE_SOURCE
    repository = Repository(source.repository)
    ids = known(repository)
    newest_ones = dict(list(ids.items())[-SHOWN:])
    with repository.at_hand():
        found = [read(repository, commit) for commit in newest_ones.values()]
    served = next((each.commit for each in current if each.served_here), None)
    signed = letters(
        repository, list(newest_ones.values()), served=served, first=source.first_signers
    )
    told = {each.release.id for each in current if each.release}
    shown = [
        ShownRelease(each, state_of(signed.get(newest_ones[each.id])), each.id in told)
        for each in found
    ]
    return shown[::-1]


def _environment(repository: Repository, name: str, ids: Mapping[str, str]) -> Environment:
    source, files = settings.SITE_ENVIRONMENTS[name]
    branch = branch_name(repository, source)
    held = files.index.exists()
    pointer = Index(files).pointer() if held else None
    tip = newest_commit(repository, read_standing(repository, branch))
    return Environment(
        name=name,
        branch=branch,
        commit=pointer.commit_id if pointer else tip,
        tip=tip,
        release=newest(repository, name, ids),
        held=pointer is not None,
        served_here=name == settings.ENVIRONMENT,
    )
