"""One action on many documents: what becomes of each, and which of them stay and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.console.node import ConsoleNode
from apps.console.writing.bounds import BULK, BULK_BYTES
from apps.console.writing.opened import configured, is_document, meant, now_text, timed_of
from apps.console.writing.states import Changes, State, Timed, Wanted, changes_for, keys_of
from apps.content.configuration import Configuration
from apps.content.editing import EditError
from apps.content.edits.fields import ABSENT, Path
from apps.content.merging.forms import form_of
from apps.extensions.authorising import standing
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import files_at
from apps.gitsync.permitting import Asked, asked_after
from apps.gitsync.resources import changes_of
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changes import is_fit
from apps.gitsync.writing.changing import ALONE
from apps.policy.entities import Person

ACTIONS: Final = {
    "publish": "Publish",
    "draft": "Make drafts of",
    "add-term": "Add a term to",
    "remove-term": "Remove a term from",
    "delete": "Delete",
}
TERM_CHARACTERS: Final = 100
BULK_BASE: Final = "many documents"
"""What the commit is sealed for that such an action begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`term` and `taxonomy` are of the actions that name one."""

    name: str
    taxonomy: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class One:
    """A document that changes; `new` is None where it goes."""

    path: str
    old: bytes
    new: bytes | None


@dataclass(frozen=True, slots=True)
class Left:
    """A document that stays as it is."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    changes: tuple[One, ...]
    left: tuple[Left, ...]

    @property
    def files(self) -> dict[str, bytes | None]:
        return {each.path: each.new for each in self.changes}


class Stays(Exception):
    """This document is left as it is; the message says why."""


def read_action(sent: Mapping[str, Any], taxonomies: Sequence[str]) -> Action:
    """Raises GitFault for one that there is not, or that does not say enough."""
    name = sent.get("action", "")
    if name not in ACTIONS:
        raise GitFault("bulk.action", "no action was chosen", "Go back and choose one")
    if not name.endswith("-term"):
        return Action(name=name)
    taxonomy, term = sent.get("taxonomy", ""), " ".join(sent.get("term", "").split())
    if taxonomy not in taxonomies or not term or len(term) > TERM_CHARACTERS or "," in term:
        reason = f"a term is 1 to {TERM_CHARACTERS} characters without a comma"
        raise GitFault("bulk.term", reason, "Go back and write one")
    return Action(name=name, taxonomy=taxonomy, term=term)


def planned(
    node: ConsoleNode, asker: Person, action: Action, paths: Sequence[str], base: str
) -> Plan:
    """Nothing is audited yet: what is denied is told. Raises GitFault."""
    if not 0 < len(paths) <= BULK:
        raise GitFault("bulk.size", f"choose 1 to {BULK} pages", "Go back and choose them")
    source = node.site().source
    contents = _contents(source, base, list(filter(is_fit, paths)))
    changes: list[One] = []
    left: list[Left] = []
    configuration, now = configured(), now_text()
    asked = changes_of(paths)
    for path in paths:
        try:
            old = contents.get(path)
            if old is None or not is_document(configuration, path):
                raise Stays("it is no page, or not there any more")
            new = _made(node, configuration, action, (path, old), now)
            _insist(node, asker, (path, new), asked[path])
            changes.append(One(path, old, new))
        except (Stays, EditError) as error:
            left.append(Left(path, str(error)))
    return Plan(tuple(changes), tuple(left))


def _contents(source: SiteSource, base: str, paths: Sequence[str]) -> dict[str, bytes]:
    """In one pass over all of them. Raises GitFault where they are too much for one commit."""
    repository = Repository(source.repository)
    found = files_at(repository, base, paths)
    blobs = {path: item.blob for path, item in found.items() if item.mode in FILES}
    sizes = repository.sizes(sorted(set(blobs.values())))
    if sum(sizes.values()) > BULK_BYTES:
        raise GitFault("bulk.size", "the pages are too large together", "Choose fewer of them")
    contents = dict(repository.read(sorted(sizes)))
    return {path: contents[blob] for path, blob in blobs.items() if blob in contents}


def _insist(
    node: ConsoleNode, asker: Person, change: tuple[str, bytes | None], before: Asked
) -> None:
    """Raises Stays."""
    rules = standing().rules
    for action, resource in (before, *asked_after(asker, *change, node.renderer, before)):
        decision = rules.decide(asker, action, resource)
        if not decision.allowed:
            raise Stays(f"you may not change it: {decision.reason}")


def _made(
    node: ConsoleNode,
    configuration: Configuration,
    action: Action,
    document: tuple[str, bytes],
    now: str,
) -> bytes | None:
    """Raises Stays and EditError."""
    path, old = document
    if action.name == "delete":
        return None
    parts = node.scribe().parts(old, form_of(path))
    if parts.flaws:
        raise Stays(f"its fields cannot be read: {parts.flaws[0].reason}")
    changes = CHANGES[action.name](configuration, action, path, parts.front, now)
    if not changes:
        raise Stays("there is nothing to change")
    new = node.scribe().edited(old, changes, None, alone=ALONE.get(form_of(path))).content
    if new == old:
        raise Stays("there is nothing to change")
    return new


Front = Mapping[str, Any]


def _state(
    configuration: Configuration, action: Action, path: str, front: Front, now: str
) -> Changes:
    """A document that is scheduled or over stays so: its moments are its author's."""
    meaning = meant(configuration, path, front)
    was: Timed = timed_of(meaning.front if meaning else front, meaning)
    to = State.DRAFT if action.name == "draft" else State.PUBLISHED
    if to is State.PUBLISHED and was.state is not State.DRAFT:
        raise Stays("it is no draft")
    keys = keys_of(configuration.part(path), front)
    wanted = Wanted(state=to, publish="", expires=was.expires)
    calm = Timed(state=was.state, publish="", expires=was.expires)
    return changes_for(keys, front, calm, wanted, now)


def _terms(
    configuration: Configuration, action: Action, path: str, front: Front, now: str
) -> Changes:
    place, value = _place(configuration, action.taxonomy, path, front)
    words = _words(value, spaced=configuration.part(path).layout == "jekyll")
    known = {each.casefold() for each in words}
    if action.name == "add-term":
        changed = [*words, *(each for each in [action.term] if each.casefold() not in known)]
    else:
        changed = [each for each in words if each.casefold() != action.term.casefold()]
    if changed == words:
        return {}
    return {place: changed or ABSENT}


def _place(
    configuration: Configuration, taxonomy: str, path: str, front: Front
) -> tuple[Path, Any]:
    """Zola has them in a table of their own."""
    nested = front.get("taxonomies")
    zola = configuration.part(path).layout == "zola" and taxonomy not in front
    if isinstance(nested, Mapping) and (taxonomy in nested or zola):
        return ("taxonomies", taxonomy), nested.get(taxonomy)
    if zola:
        return ("taxonomies", taxonomy), None
    return (taxonomy,), front.get(taxonomy)


def _words(value: Any, *, spaced: bool) -> list[str]:
    """Raises Stays."""
    if value is None:
        return []
    if isinstance(value, str):
        return value.split() if spaced else [value]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list(value)
    raise Stays("its terms are written in a way of their own; edit them in the page")


CHANGES: Final[Mapping[str, Callable[[Configuration, Action, str, Front, str], Changes]]] = {
    "publish": _state,
    "draft": _state,
    "add-term": _terms,
    "remove-term": _terms,
}
