"""What a form about a document sent: decoded, with what is wrong told beside its field. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from apps.console.writing.fields import Changes, Field, read_fields
from apps.console.writing.opened import Opened
from apps.console.writing.states import (
    State,
    Unfit,
    Wanted,
    as_local,
    changes_for,
    read_local,
)
from apps.console.writing.suggestion import BODY, suggested
from apps.content.frontmatter import normal

Mode = Literal["fields", "source"]
SOURCE: Final = "source"
DRAFTS: Final = "_drafts"
"""Jekyll's folder of them."""
STATES: Final = (State.PUBLISHED, State.DRAFT, State.SCHEDULED, State.PRIVATE)
"""That an author can choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The controls of who sees it and since when, as a form shows them."""

    state: State
    publish_at: str
    expires_at: str
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`changes` are of the header; `body` and `source` are None where they stay. `message` is what
    its author wrote for the commit, or the suggestion."""

    mode: Mode
    title: Field
    fields: tuple[Field, ...]
    timing: Timing
    changes: Changes
    body: str | None
    source: str | None
    suggestion: str
    message: str

    @property
    def is_valid(self) -> bool:
        return not self.timing.errors and not any(e.error for e in (self.title, *self.fields))


def untouched(opened: Opened, mode: str = "fields") -> Sent:
    """The form as it is before anybody typed."""
    return read_sent(opened, {"mode": mode} if opened.has_form else {"mode": SOURCE}, "")


def read_sent(opened: Opened, sent: Mapping[str, Any], now: str) -> Sent:
    mode: Mode = SOURCE if sent.get("mode") == SOURCE or not opened.has_form else "fields"
    (title, *fields), changes = read_fields((opened.title, *opened.fields), sent)
    timing, states = _timing(opened, sent, now)
    changes |= states
    body = sent.get("body")
    if body is not None and normal(body) == opened.body:
        body = None
    source = sent.get("source")
    if source is not None and normal(source) == opened.parts.text:
        source = None
    if mode == SOURCE:
        changes, body = {}, None
    else:
        source = None
    names = [each.label for each in fields if each.path in changes]
    told = [*names, *([BODY] if body is not None or source is not None else [])]
    told = ["title", *told] if title.path in changes else told
    state = timing.state if states and timing.state != opened.timed.state else None
    words = suggested(title.text or opened.path, told, state=state, when=_said(timing.publish_at))
    return Sent(
        mode=mode,
        title=title,
        fields=tuple(fields),
        timing=timing,
        changes=changes,
        body=body,
        source=source,
        suggestion=words,
        message=sent.get("message", "").strip() or words,
    )


def _said(moment: str) -> str:
    return f"{moment.replace('T', ' ')} UTC" if moment else ""


def _timing(opened: Opened, sent: Mapping[str, Any], now: str) -> tuple[Timing, Changes]:
    """What the form did not show, or shows as it was, stays."""
    was = opened.timed
    shown = Timing(
        state=_choosable(was.state),
        publish_at=as_local(was.publish) if was.state is State.SCHEDULED else "",
        expires_at=as_local(was.expires),
        errors={},
    )
    said = sent.get("state")
    if said not in set(STATES):
        return shown, {}
    asked = replace(
        shown,
        state=State(said),
        publish_at=sent.get("publish_at", shown.publish_at).strip(),
        expires_at=sent.get("expires_at", shown.expires_at).strip(),
    )
    if asked == shown:
        return shown, {}
    try:
        wanted = _wanted(asked, opened)
        changes = changes_for(opened.keys, opened.parts.front, was, wanted, now)
    except Unfit as error:
        return replace(asked, errors={error.field: error.reason}), {}
    return asked, changes


def _choosable(state: State) -> State:
    return State.PUBLISHED if state is State.EXPIRED else state


def _wanted(asked: Timing, opened: Opened) -> Wanted:
    """Raises Unfit. A moment that was not touched keeps its seconds."""
    was = opened.timed
    if opened.keys.inverted and DRAFTS in opened.path.split("/") and asked.state != State.DRAFT:
        raise Unfit("state", f"it is a draft as long as it lies in {DRAFTS}; move it to _posts")
    publish, expires = was.publish, was.expires
    if asked.publish_at != as_local(publish):
        publish = _moment("publish_at", asked.publish_at)
    if asked.expires_at != as_local(expires):
        expires = _moment("expires_at", asked.expires_at)
    if asked.state is State.SCHEDULED and not publish:
        raise Unfit("publish_at", "choose when it is to be published")
    publish = publish if asked.state is State.SCHEDULED else ""
    return Wanted(state=asked.state, publish=publish, expires=expires)


def _moment(field: str, text: str) -> str:
    """Raises Unfit."""
    try:
        return read_local(text)
    except ValueError:
        raise Unfit(field, "write it as 2026-03-26T10:00") from None
