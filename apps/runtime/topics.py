"""Topics of events, and the patterns by which they are subscribed to. Pure."""

import re
from dataclasses import dataclass

from apps.runtime.limits import TOPIC_CHARACTERS

ANY, MANY = "*", "**"
_NAME = r"[A-Za-z0-9_-]+"
_TOPIC = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_ONE_OF = re.compile(rf"{_NAME}|\({_NAME}(?:\|{_NAME})*\)")


class TopicError(ValueError):
    """What was given is no topic or no pattern; says what one looks like."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One part for each segment: ANY, MANY, or the names that it may be."""

    text: str
    parts: tuple[str | frozenset[str], ...]

    def matches(self, topic: str) -> bool:
        """Takes time by the length of both, whatever the pattern is."""
        places = self._beyond_many({0})
        for segment in topic.split("."):
            places = self._beyond_many({p for place in places for p in self._step(place, segment)})
        return len(self.parts) in places

    def _step(self, place: int, segment: str) -> set[int]:
        """The places after `segment` was read at `place`."""
        if place == len(self.parts) or not segment:
            return set()
        part = self.parts[place]
        if part == MANY:
            return {place}
        return {place + 1} if part == ANY or segment in part else set()

    def _beyond_many(self, places: set[int]) -> set[int]:
        """With the places reached by letting each MANY stand for nothing."""
        for place in range(len(self.parts)):
            if place in places and self.parts[place] == MANY:
                places.add(place + 1)
        return places


def check_topic(text: str) -> str:
    """The topic itself, or TopicError."""
    if len(text) > TOPIC_CHARACTERS or not _TOPIC.fullmatch(text):
        raise TopicError(f"{text[:TOPIC_CHARACTERS]!r} is no topic: it must be like 'site.synced'")
    return text


def parse_pattern(text: str) -> Pattern:
    """`*` is one segment, `**` any number and none, `(a|b)` one of two; else TopicError."""
    parts = tuple(map(_part, text.split("."))) if len(text) <= TOPIC_CHARACTERS else (None,)
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        raise TopicError(
            f"{text[:TOPIC_CHARACTERS]!r} is no pattern: each segment must be a name, "
            "'*', '**' or '(a|b)'; '**' alone is for every topic"
        )
    return Pattern(text, known)


def _part(segment: str) -> str | frozenset[str] | None:
    if segment in (ANY, MANY):
        return segment
    if not _ONE_OF.fullmatch(segment):
        return None
    return frozenset(segment.strip("()").split("|"))
