"""What this node's site is to policy: the things that commands and tasks ask about."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from django.conf import settings

from apps.content.entries import DRAFT
from apps.content.index import Index
from apps.content.layouts import markup
from apps.extensions.authorising import EXPLAIN, PolicyDenied, authorise
from apps.gitsync.clone.remote import branch_name
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.implying import EXTENSIONS, SITE, implied
from apps.policy.entities import Branch, Document, Resource, System

__all__ = ["SITE", "as_shown", "ask", "branch", "change_of", "markup_of"]

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
    folders = (each.split("/")[:2] for each in kept_files())
    known = {"/".join(each) for each in folders if each[0] in EXTENSIONS}
    return implied(path, document or _indexed(path), known)


def _indexed(path: str) -> Document:
    draft = Document(path=path, type="page", draft=True, visibility=DRAFT, branch=branch().id)
    with suppress(sqlite3.Error):
        if settings.SITE_FILES.index.exists():
            found = Index(settings.SITE_FILES).state(path)
            if found is not None:
                kind, visibility = found
                return as_shown(replace(draft, type=kind), visibility)
    return draft


def as_shown(document: Document, visibility: str) -> Document:
    return replace(document, draft=visibility == DRAFT, visibility=visibility)


def markup_of(path: str) -> str:
    """Of a file that is or will be a document of what this node serves."""
    pointer = Index(settings.SITE_FILES).pointer()
    said = markup(pointer.site_configuration(), path) if pointer else MARKDOWN
    return said.partition("+")[0]


def kept_files() -> Mapping[str, bytes]:
    """Of the served commit; none where nothing is indexed."""
    with suppress(sqlite3.Error):
        if settings.SITE_FILES.index.exists():
            return Index(settings.SITE_FILES).kept()
    return {}
