"""The front of a node that is watched: each answer is counted, and says of itself how it came about
where somebody wants to know. What is not switched on has no part in it."""

from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from apps.delivery.caching.entries import Fresh
from apps.delivery.front import Answer, Front
from apps.delivery.incoming import Headers, Incoming
from apps.delivery.measures import NO_ROUTE, Kind, Measures, Outcome
from apps.delivery.plain_hits import Plain
from apps.delivery.traces import Trace
from apps.extensions.plugins import Outcome as Proposals

HEADER_CHARACTERS: Final = 1000
"""Of one debug header; more would not pass every proxy."""
MORE: Final = "..."


class TellingFront(Front):
    """As `Front`; `explains` adds the debug headers."""

    def __init__(
        self, *given: Any, measures: Measures | None = None, explains: bool = False, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self._measures, self._explains = measures, explains

    def quick(self, incoming: Incoming) -> Answer | None:
        began = perf_counter()
        answer = super().quick(incoming)
        return None if answer is None else self._told(answer, began)

    def plain(self) -> Plain | None:
        return None if self._explains else self._plain(self._measures)

    def answer(self, incoming: Incoming) -> Answer:
        began = perf_counter()
        if self._measures is None:
            return self._told(super().answer(incoming), began)
        self._measures.begin()
        try:
            return self._told(super().answer(incoming), began)
        finally:
            self._measures.end()

    def _told(self, answer: Answer, began: float) -> Answer:
        if self._measures is not None:
            route = answer.fresh.route if answer.fresh else ""
            kind = Kind(route or NO_ROUTE, answer.outcome, answer.reply.status)
            self._measures.add(kind, perf_counter() - began)
        if self._explains:
            why = explained(answer.outcome, answer.fresh, cached=self._cache is not None)
            return answer._replace(more=(*answer.more, *why))
        return answer

    def _trace(self) -> Trace:
        return _Counting() if self._explains else Trace()


def explained(outcome: Outcome, fresh: Fresh | None, *, cached: bool) -> Headers:
    """The debug headers."""
    if fresh is None:
        return (("x-whisper-cache", f"{outcome}; nothing was made"),)
    return (
        ("x-whisper-cache", _why(outcome, fresh) if cached else "off"),
        ("x-whisper-read", _listed(f"{fact.kind}:{fact.asked}" for fact in fresh.facts)),
        ("x-whisper-proposed", fresh.proposed or "none"),
    )


def _why(outcome: Outcome, fresh: Fresh) -> str:
    if outcome is not Outcome.PASS:
        return outcome
    if fresh.carries_query:
        return f"{outcome}; the query is in it"
    return f"{outcome}; personal, or not whole"


def _listed(names: Any) -> str:
    """In bounds, and of what a header may hold."""
    text = ", ".join(_plain(name) for name in names) or "nothing"
    return text if len(text) <= HEADER_CHARACTERS else text[:HEADER_CHARACTERS] + MORE


def _plain(text: str) -> str:
    return "".join(each if " " <= each <= "~" else "?" for each in text)


@dataclass(slots=True)
class _Counting(Trace):
    """Who proposed, and how much of it was taken."""

    taken: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def keep(self, made: object) -> None:
        if isinstance(made, Proposals):
            self.taken.update(each.by for each in made.accepted.all())
            self.lost.update(each.by for each in made.dropped)

    def summary(self) -> str:
        return _listed(
            f"{by}={self.taken[by]}" + (f" dropped {self.lost[by]}" if self.lost[by] else "")
            for by in sorted(self.taken | self.lost)
        )
