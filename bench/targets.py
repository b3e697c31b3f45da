"""What is aimed at: each a ratio of two figures of one run, or a value. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.report import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`figure`, divided by `of` or less `less` where they are named, has to be at least or at most
    `bound`."""

    figure: str
    must: Literal["at least", "at most"]
    bound: float
    of: str | None = None
    less: str | None = None

    @property
    def what(self) -> str:
        if self.of:
            return f"{self.figure} ÷ {self.of}"
        return f"{self.figure} - {self.less}" if self.less else self.figure

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(name for name in (self.figure, self.of, self.less) if name)

    def found(self, values: Mapping[str, float]) -> float:
        value = values[self.figure]
        if self.of:
            return value / values[self.of]
        return value - values[self.less] if self.less else value

    def holds(self, values: Mapping[str, float]) -> bool:
        found = self.found(values)
        return found >= self.bound if self.must == "at least" else found <= self.bound


def _at_least(bound: float, figure: str, of: str) -> Target:
    return Target(figure=figure, must="at least", bound=bound, of=of)


def _at_most(
    bound: float, figure: str, *, of: str | None = None, less: str | None = None
) -> Target:
    return Target(figure=figure, must="at most", bound=bound, of=of, less=less)


TARGETS = (
    _at_least(0.9, "hit_granian_bare", "floor_granian"),
    _at_least(0.9, "hit_daphne_bare", "floor_daphne"),
    _at_least(0.7, "hit_daphne", "floor_daphne"),
    _at_least(0.25, "hit_granian", "floor_granian"),
    _at_least(4.0, "hit_granian", "django_granian"),
    _at_least(4.0, "hit_daphne", "django_daphne"),
    _at_least(1.0, "not_modified", "hit_granian"),
    _at_least(1.0, "refused", "hit_granian"),
    _at_least(1.0, "miss", "miss_django"),
    _at_most(1.0, "miss_3_plugins", less="miss_0_plugins"),
    _at_most(1.0, "miss_3_first", less="miss_0_first"),
    _at_most(50.0, "mixed_p95_ms"),
    _at_most(1.0, "start_1k"),
    _at_most(0.3, "start_100k", less="start_1k"),
    _at_most(60.0, "rest_memory"),
    _at_most(5.0, "search_10k"),
    _at_most(300.0, "preview_ms"),
    _at_most(1.0, "steps_refused", of="steps_hit_on"),
    _at_most(1.02, "steps_hit_off", of="steps_hit_ingress"),
)


def verdicts(figures: Sequence[Figure]) -> list[tuple[Target, float, bool]]:
    """Of those whose figures were all measured."""
    values = {figure.name: figure.value for figure in figures}
    known = [target for target in TARGETS if set(target.needs) <= values.keys()]
    return [(each, each.found(values), each.holds(values)) for each in known]


def told(figures: Sequence[Figure]) -> str:
    """One line for each, for people."""
    return "\n".join(
        f"{'holds ' if holds else 'MISSED'}  {target.what}: {found:.3g}, {target.must}"
        f" {target.bound:g}"
        for target, found, holds in verdicts(figures)
    )
