"""What a commit says of a change that its author put no words to. Pure."""

from collections.abc import Iterable
from typing import Final

from apps.console.writing.states import State
from apps.gitsync.writing.wording import SUBJECT_CHARACTERS

NAMED: Final = 3
TITLE: Final = 80
BODY: Final = "text"
VERBS: Final = {
    State.PUBLISHED: "Publish",
    State.DRAFT: "Make a draft of",
    State.SCHEDULED: "Schedule",
    State.PRIVATE: "Hide",
}


def suggested(
    title: str,
    changed: Iterable[str],
    *,
    created: bool = False,
    state: State | None = None,
    when: str = "",
) -> str:
    """`changed` are names of fields in their order, `state` the one that it comes to, where that is
    another."""
    name = quoted(title)
    names = list(dict.fromkeys(changed))
    if created:
        return _line(f"Write {name}")
    if state is not None:
        begin = f"{VERBS[state]} {name}" if state in VERBS else f"Edit {name}"
        begin += f" for {when}" if when and state is State.SCHEDULED else ""
        return _line(begin + (f"; change {_listed(names)}" if names else ""))
    return _line(f"Edit {name}" + (f": {_listed(names)}" if names else ""))


def quoted(title: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return f"“{plain[:TITLE]}{'…' if len(plain) > TITLE else ''}”" if plain else "a document"


def _listed(names: list[str]) -> str:
    more = len(names) - NAMED
    told = ", ".join(_word(each) for each in names[:NAMED])
    return f"{told} and {more} more" if more > 0 else told


def _word(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:30]


def _line(text: str) -> str:
    return text[:SUBJECT_CHARACTERS]
