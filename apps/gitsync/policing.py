"""What people ask of a site's policies: whether they hold, why, what changes, who is left. Changes
nothing."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import Error

from apps.content.index import Index
from apps.extensions.authority import rules_in
from apps.extensions.capabilities import cedar_schema
from apps.gitsync.clone.remote import target
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.resources import SITE, as_shown, branch
from apps.gitsync.trust.policies import policies_at
from apps.policy.attention import attention
from apps.policy.comparing import Flip, Lockout, compare, every_row, lockout
from apps.policy.entities import (
    SYSTEMS,
    Document,
    Extension,
    Person,
    Policy,
    Principal,
    Resource,
    Secret,
    System,
    Visitor,
)
from apps.policy.limits import POLICY_FILE_BYTES, POLICY_FILES
from apps.policy.notation import principal, resource
from apps.policy.places import FOLDER
from apps.policy.rules import Rules
from apps.policy.validating import Checked, check
from apps.runtime.workers import Workers

ANYBODY: Final = "*"
DOCUMENTS: Final = 100_000
"""Of a site; beyond that `diff` says nothing of a document."""


@dataclass(frozen=True, slots=True)
class Where:
    """Policies and where they are from: a commit, or a folder of an author."""

    name: str
    files: Mapping[str, bytes]

    @property
    def rules(self) -> Rules:
        return rules_in(self.files)


@dataclass(frozen=True, slots=True)
class Change:
    """All resources for which one principal's action comes out otherwise, in the same way."""

    principal: str
    action: str
    allowed: bool
    policies: tuple[str, ...]
    resources: tuple[str, ...]


def at_commit(name: str | None = None) -> Where:
    """Of the newest commit of this node, or of another. Raises GitFault."""
    repository = Repository(settings.SITE_SOURCE.repository)
    if name is None:
        commit: str | None = target(repository, settings.SITE_SOURCE).commit
    else:
        commit = repository.resolve(f"{name}^{{commit}}")
    if commit is None:
        raise GitFault("commit.unknown", f"there is no commit {str(name)[:80]!r}", "See history")
    return Where(commit, policies_at(repository, commit))


def in_folder(folder: Path) -> Where:
    """Of a working tree, before anything is committed. Raises GitFault."""
    files: dict[str, bytes] = {}
    for path in sorted((folder / FOLDER).rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        if len(files) >= POLICY_FILES or path.stat().st_size > POLICY_FILE_BYTES:
            raise GitFault("policy.place", f"{path} is too much", "Keep policies few and small")
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return Where(str(folder), files)


def checked(where: Where, workers: Workers) -> Checked:
    """Raises WorkerFault."""
    return check(where.files, workers, cedar_schema())


def left(where: Where) -> Lockout:
    """ANYBODY stands for whoever may be given an account, and is in no role."""
    return lockout(where.rules, [ANYBODY, *accounts()])


def named_principal(text: str, rules: Rules) -> Principal:
    """Raises MalformedEntity."""
    return principal(text, {}, rules.roles)


def named_resource(text: str, attributes: Mapping[str, Any]) -> Resource:
    """A document is as the index knows it, but for `attributes`. Raises MalformedEntity."""
    found = resource(text, attributes)
    if isinstance(found, Document):
        here = replace(found, branch=attributes.get("branch", branch().id))
        known = {"type", "draft", "visibility"} - attributes.keys()
        state = _index().state(found.path) if known and _has_index() else None
        if state is not None:
            seen = as_shown(replace(here, type=state[0]), state[1])
            return replace(here, **{name: getattr(seen, name) for name in sorted(known)})
        return here
    return found


def differences(before: Where, after: Where) -> list[Change]:
    """Over this site: its people, its documents, and all else that can be asked about."""
    old, new = before.rules, after.rules
    people = sorted({*accounts(), *old.roles.people(), *new.roles.people()})
    principals: list[Principal] = [
        *map(Person, [*people, ANYBODY]),
        *map(System, SYSTEMS),
        Visitor(),
    ]
    paths = sorted({*before.files, *after.files})
    alike = _alike(_documents(), (old, new))
    things: list[Resource] = [SITE, branch(), *map(Policy, paths), *map(Person, people)]
    things += [*_extensions(), *_secrets(), *(documents[0] for documents in alike)]
    members = {str(documents[0]): documents for documents in alike}
    return _grouped(compare(old, new, every_row(principals, things)), members)


def accounts() -> list[str]:
    """Of the console of this node; none where there is no console."""
    with suppress(Error, ImproperlyConfigured):
        found = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
        return sorted(each.get_username() for each in found)
    return []


def _grouped(flips: Iterable[Flip], members: Mapping[str, Sequence[Document]]) -> list[Change]:
    groups: dict[tuple[str, str, bool, tuple[str, ...]], list[str]] = {}
    for flip in flips:
        row, after = flip.row, flip.after
        key = (str(row.principal), row.action, after.allowed, after.policies)
        named = str(row.resource)
        groups.setdefault(key, []).extend(map(str, members.get(named, (named,))))
    return [Change(*key, tuple(sorted(names))) for key, names in groups.items()]


def _alike(documents: Iterable[Document], both: Sequence[Rules]) -> list[list[Document]]:
    """Those that no policy of both tells apart stand together, so that one is asked for all."""
    looked_at = [attention(_about_documents(rules)) for rules in both]
    seen = None if None in looked_at else sorted({n for names in looked_at for n in names or ()})
    groups: dict[tuple[Any, ...], list[Document]] = {}
    for document in documents:
        names = ("path",) if seen is None else seen
        groups.setdefault(tuple(getattr(document, name) for name in names), []).append(document)
    return list(groups.values())


def _about_documents(rules: Rules) -> Iterator[Mapping[str, Any]]:
    return (
        each.json
        for each in rules.policies
        if each.json["resource"].get("entity_type", Document.kind) == Document.kind
    )


def _documents() -> list[Document]:
    if not _has_index():
        return []
    name = branch().id
    rows = _index().states(DOCUMENTS)
    plain = Document(path="", type="page", draft=False, visibility="public", branch=name)
    return [as_shown(replace(plain, path=p, type=kind), v) for p, kind, v in rows]


def _extensions() -> list[Extension]:
    kinds = {"themes": "theme", "plugins": "plugin"}
    found = {tuple(path.split("/")[:2]) for path in _kept() if path.split("/")[0] in kinds}
    return [Extension(kinds[folder], name, bundled=False) for folder, name in sorted(found)]


def _secrets() -> list[Secret]:
    return [Secret(path, "*") for path in sorted(_kept()) if path.startswith("secrets/")]


def _kept() -> list[str]:
    return list(_index().kept()) if _has_index() else []


def _index() -> Index:
    return Index(settings.SITE_FILES)


def _has_index() -> bool:
    with suppress(sqlite3.Error, OSError):
        return settings.SITE_FILES.index.exists() and _index().pointer() is not None
    return False
