"""Asks plugins what they propose, all at once, and keeps what the theme accepts.

A plugin that fails adds nothing; the page is served without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.extensions.acceptance import Accept, Accepted, Dropped, accept
from apps.extensions.capabilities import sections
from apps.extensions.proposals import Proposal, decode_proposals
from apps.extensions.registry import EnabledPlugin
from apps.runtime.faults import WorkerFault
from apps.runtime.workers import call_together

PHASE_SECONDS = 0.15
OK = "ok"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a plugin added nothing, or less than it proposed."""

    plugin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking the plugins of one event."""

    accepted: Accepted = field(default_factory=Accepted)
    dropped: tuple[Dropped, ...] = ()
    failures: tuple[Failure, ...] = ()


def propose(
    plugins: Sequence[EnabledPlugin], topic: str, event: Mapping[str, Any], rules: Accept
) -> Outcome:
    """Takes at most PHASE_SECONDS, however many plugins there are. Never raises."""
    if not plugins:
        return Outcome()
    calls = [
        (plugin.pool, {"topic": topic, "event": sections(plugin.granted).cut(event)})
        for plugin in plugins
    ]
    replies = call_together(calls, wall_seconds=PHASE_SECONDS)
    proposals: dict[str, Sequence[Proposal]] = {}
    failures: list[Failure] = []
    for plugin, reply in zip(plugins, replies, strict=True):
        proposals[plugin.id], reasons = _read(reply)
        failures += (Failure(plugin.id, reason) for reason in reasons)
    accepted, dropped = accept(proposals, rules, [plugin.id for plugin in plugins])
    return Outcome(accepted, dropped, tuple(failures))


def _read(reply: Any) -> tuple[Sequence[Proposal], Sequence[str]]:
    """The proposals of one plugin and what went wrong; the reply is as good as hostile."""
    if isinstance(reply, WorkerFault):
        return (), [reply.reason]
    if not isinstance(reply, dict) or reply.get("outcome") != OK:
        said = reply if isinstance(reply, dict) else {}
        place = f"line {said['line']}: " if isinstance(said.get("line"), int) else ""
        return (), [f"{place}{str(said.get('message') or said.get('outcome'))[:500]}"]
    return decode_proposals(reply.get("proposals"))
