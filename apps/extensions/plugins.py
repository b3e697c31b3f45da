"""Asks plugins what they propose, all at once, and keeps what the theme accepts.

A plugin that fails adds nothing; the page is served without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.extensions.acceptance import Accept, Accepted, Dropped, accept
from apps.extensions.asking import Answer, Emission, Round
from apps.extensions.containment.containment import Containment
from apps.extensions.proposals import Proposal
from apps.extensions.registry import EnabledPlugin

PHASE_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a plugin added nothing, or less than it proposed. `asked`: or was not even asked."""

    plugin: str
    reason: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking the plugins of one phase."""

    accepted: Accepted = field(default_factory=Accepted)
    dropped: tuple[Dropped, ...] = ()
    failures: tuple[Failure, ...] = ()


def propose(
    plugins: Sequence[EnabledPlugin],
    emissions: Sequence[Emission],
    rules: Accept,
    containment: Containment,
    request_id: str,
) -> Outcome:
    """Takes PHASE_SECONDS at most, however many plugins and events there are, and what it takes to
    learn what those died of that did not live so long. Never raises.
    """
    answers = Round(containment, request_id, PHASE_SECONDS).ask(plugins, emissions)
    proposals: dict[str, list[Proposal]] = {}
    for answer in answers:
        proposals.setdefault(answer.plugin, []).extend(answer.proposals)
    accepted, dropped = accept(proposals, rules, [plugin.id for plugin in plugins])
    return Outcome(accepted, dropped, _failures(answers))


def notify(
    plugins: Sequence[EnabledPlugin],
    topic: str,
    event: Mapping[str, Any],
    containment: Containment,
) -> tuple[Failure, ...]:
    """Tells plugins of something at which nothing can be proposed; why some were not reached."""
    answers = Round(containment, "", PHASE_SECONDS).ask(plugins, [Emission(topic, event)])
    return _failures(answers)


def _failures(answers: Iterable[Answer]) -> tuple[Failure, ...]:
    return tuple(Failure(a.plugin, reason, a.asked) for a in answers for reason in a.failures)
