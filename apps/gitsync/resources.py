"""What this node's site is to policy: the things that commands and tasks ask about."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from django.conf import settings

from apps.content.configuration import Configuration
from apps.content.entries import DRAFT
from apps.content.index import Index
from apps.content.layouts import markup
from apps.extensions.authorising import EXPLAIN, PolicyDenied, authorise
from apps.gitsync.clone.remote import branch_name
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.implying import EXTENSIONS, FILE, SITE, implied
from apps.policy.entities import Branch, Document, Resource, System

__all__ = [
    "SITE",
    "as_shown",
    "ask",
    "branch",
    "change_of",
    "changes_of",
    "markup_of",
    "served_configuration",
]

MARKDOWN: Final = "commonmark"


def ask(principal: System, action: str, resource: Resource) -> None:
    """Raises GitFault when it is denied, for what goes on without a person."""
    try:
        authorise(principal, action, resource)
    except PolicyDenied as error:
        raise GitFault(error.code, error.reason, EXPLAIN) from error


def branch(environment: str | None = None) -> Branch:
    """Of the environment that is served here, or of another, by the name of its branch where that
    is known."""
    source: SiteSource = settings.SITE_SOURCE
    if environment is not None and environment in settings.SITE_ENVIRONMENTS:
        source = settings.SITE_ENVIRONMENTS[environment][0]
    elif environment is not None:
        return Branch(environment)
    with suppress(GitFault, OSError):
        repository = Repository(source.repository)
        if repository.exists():
            return Branch(branch_name(repository, source))
    return Branch(source.branch or source.environment)


def change_of(path: str, document: Document | None = None) -> tuple[str, Resource]:
    """The action that a change to a file comes to. Without `document` as the index knows it; one
    that it does not know yet is a draft."""
    if document is not None:
        return implied(path, document, _extensions())
    return changes_of([path])[path]


def changes_of(paths: Iterable[str]) -> dict[str, tuple[str, Resource]]:
    """The same of many files, which costs little more than one."""
    known, here = _extensions(), branch().id
    index = Index(settings.SITE_FILES) if settings.SITE_FILES.index.exists() else None
    return {path: implied(path, _indexed(path, here, index), known) for path in paths}


def _extensions() -> set[str]:
    folders = (each.split("/")[:2] for each in kept_files())
    return {"/".join(each) for each in folders if each[0] in EXTENSIONS}


def _indexed(path: str, here: str, index: Index | None) -> Document:
    draft = Document(path=path, type="page", draft=True, visibility=DRAFT, branch=here)
    with suppress(sqlite3.Error):
        if index and (found := index.state(path)):
            kind, visibility = found
            return as_shown(replace(draft, type=kind), visibility)
        if index and (shown := index.visibility_of_file(path)):
            return as_shown(replace(draft, type=FILE), shown)
    return draft


def as_shown(document: Document, visibility: str) -> Document:
    return replace(document, draft=visibility == DRAFT, visibility=visibility)


def markup_of(path: str) -> str:
    """Of a file that is or will be a document of what this node serves."""
    configuration = served_configuration()
    said = markup(configuration, path) if configuration else MARKDOWN
    return said.partition("+")[0]


def served_configuration() -> Configuration | None:
    """Of what this node serves; None before its first sync."""
    if not settings.SITE_FILES.index.exists():
        return None
    pointer = Index(settings.SITE_FILES).pointer()
    return pointer.site_configuration() if pointer else None


def kept_files() -> Mapping[str, bytes]:
    """Of the served commit; none where nothing is indexed."""
    with suppress(sqlite3.Error):
        if settings.SITE_FILES.index.exists():
            return Index(settings.SITE_FILES).kept()
    return {}
