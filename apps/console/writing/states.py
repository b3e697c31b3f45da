"""Who sees a document and since when, in the words of an author. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from apps.content import dates
from apps.content.edits.fields import ABSENT, Absent, Path, Value
from apps.content.entries import DRAFT, PRIVATE
from apps.content.parts import Part

HUGO: Final = {"publish": "publishDate", "expires": "expiryDate"}
Changes = dict[str | Path, Value | Absent]


class State(StrEnum):
    PUBLISHED = "published"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """The state of a document at a moment, and the moments (`dates`) that make it so."""

    state: State
    publish: str = ""
    expires: str = ""


def state_of(visibility: str, publish: str, expires: str, now: str) -> State:
    """Of a row of the index; all moments are UTC text, in order as text."""
    if visibility == DRAFT:
        return State.DRAFT
    if visibility == PRIVATE:
        return State.PRIVATE
    if expires <= now:
        return State.EXPIRED
    return State.SCHEDULED if publish > now else State.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an author asks for. `publish` and `expires` are UTC text, empty for none."""

    state: State
    publish: str = ""
    expires: str = ""


class Unfit(ValueError):
    """`field` of the form says why it cannot be so."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the front matter that decide it, as this document writes them."""

    draft: str
    publish: str
    expires: str
    inverted: bool = False
    """Jekyll says `published: false` where others say `draft: true`."""

    def all(self) -> frozenset[str]:
        return frozenset((self.draft, self.publish, self.expires, "visibility"))


def keys_of(part: Part, front: Mapping[str, Any]) -> Keys:
    """Those that stand there already, else the usual ones of the layout."""
    if part.layout == "jekyll":
        return Keys("published", "publish", "expires", inverted=True)
    names = {each.lower(): each for each in front}
    if part.layout != "hugo":
        return Keys("draft", "publish", "expires")
    found = {own: _standing(part.foreign.dates.get(own, ()), names) for own in HUGO}
    publish, expires = (found[own] or usual for own, usual in HUGO.items())
    return Keys(names.get("draft", "draft"), publish, expires)


def _standing(keys: Iterable[str], names: Mapping[str, str]) -> str:
    return next((names[key] for key in keys if key in names and key != "date"), "")


def changes_for(
    keys: Keys, front: Mapping[str, Any], was: Timed, wanted: Wanted, now: str
) -> Changes:
    """What is to become of the header. Raises Unfit."""
    if wanted.state is State.SCHEDULED and wanted.publish <= now and wanted.publish != was.publish:
        raise Unfit("publish_at", "choose a moment that is still to come")
    if wanted.expires and wanted.publish and wanted.expires <= wanted.publish:
        raise Unfit("expires_at", "it would be over before it begins")
    changes: Changes = {}
    if (wanted.state is State.DRAFT) != (was.state is State.DRAFT):
        changes |= _draft(keys, front, wanted.state is State.DRAFT)
    if (wanted.state is State.PRIVATE) != (was.state is State.PRIVATE):
        said = "private" if wanted.state is State.PRIVATE else ABSENT
        changes[("visibility",)] = said
    changes |= _moments(keys, front, was, wanted, now)
    return changes


def _draft(keys: Keys, front: Mapping[str, Any], draft: bool) -> Changes:
    if keys.inverted:
        off: Changes = {("published",): False} if draft else {}
        shown: Changes = {("published",): True} if "published" in front else {}
        gone: Changes = {("draft",): False} if "draft" in front and not draft else {}
        return {**off, **({} if draft else {**shown, **gone})}
    if not draft and keys.draft not in front:
        return {("visibility",): ABSENT} if front.get("visibility") == DRAFT else {}
    return {(keys.draft,): draft}


def _moments(keys: Keys, front: Mapping[str, Any], was: Timed, wanted: Wanted, now: str) -> Changes:
    changes: Changes = {}
    if wanted.state is State.SCHEDULED and wanted.publish != was.publish:
        changes[(keys.publish,)] = moment(wanted.publish)
    elif wanted.state is State.PUBLISHED and was.publish > now:
        # The date of the document may lie ahead as well, and would hide it still.
        changes[(keys.publish,)] = moment(now)
    if wanted.expires != was.expires:
        gone = ABSENT if keys.expires in front else None
        said = moment(wanted.expires) if wanted.expires else gone
        if said is not None:
            changes[(keys.expires,)] = said
    elif was.state is State.EXPIRED and wanted.state in (State.PUBLISHED, State.SCHEDULED):
        raise Unfit("expires_at", "it is over; choose another end, or none")
    return changes


def moment(text: str) -> datetime:
    """Of UTC text."""
    return datetime.fromisoformat(text)


def read_local(text: str) -> str:
    """UTC text of what a form says in UTC, such as 2026-03-26T10:00; empty for nothing. Raises
    ValueError."""
    if not text.strip():
        return ""
    found = datetime.fromisoformat(text.strip())
    read = dates.read_date((found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat())
    if read is None:
        raise ValueError(text)
    return read


def as_local(moment_text: str) -> str:
    """As a form's control of date and time has it."""
    return moment_text.removesuffix("Z")[:16]
