"""One round trip to the subscribed plugins: all turns go out together, and every answer is decoded
as if its worker were hostile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from apps.extensions.capabilities import refusal
from apps.extensions.containment.blame import OK, OUT_OF_SERVICE, OUTCOMES, cause
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.containment import Containment
from apps.extensions.messages import readable
from apps.extensions.proposals import Proposal, decode_proposals
from apps.extensions.registry import EnabledPlugin, Group
from apps.runtime.faults import WorkerBadFrame, WorkerFault
from apps.runtime.frames import FrameError, Part, part, size
from apps.runtime.workers import WorkerPool, call_together

UNADMISSIBLE: Final = "its worker sent what no sandbox of ours lets through"


@dataclass(frozen=True, slots=True)
class Emission:
    """An event as it happened, before it is cut to what each plugin may see."""

    topic: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one plugin's turn at one event. `failures` say why it is less than hoped for."""

    plugin: str
    topic: str
    proposals: tuple[Proposal, ...] = ()
    failures: tuple[str, ...] = ()
    asked: bool = True


@dataclass(frozen=True, slots=True)
class _Turn:
    """`event` is the digest of what the plugin is sent; without one it cannot be sent."""

    plugin: EnabledPlugin
    topic: str
    call: Any
    event: bytes | None


_Read = tuple[_Turn, Answer, Cause | None]


@dataclass(slots=True)
class _Trip:
    """The turns that one worker takes, in one frame."""

    pool: WorkerPool
    group: Group | None
    turns: list[_Turn]

    def plugins(self) -> Iterable[EnabledPlugin]:
        return {turn.plugin.id: turn.plugin for turn in self.turns}.values()


class Round:
    """Asks once, within `seconds`, however many plugins there are. Never raises."""

    def __init__(self, containment: Containment, request_id: str, seconds: float) -> None:
        self._containment, self._request_id, self._seconds = containment, request_id, seconds

    def ask(
        self, plugins: Sequence[EnabledPlugin], emissions: Sequence[Emission]
    ) -> tuple[Answer, ...]:
        """In the order of `plugins`, then of `emissions`. What is known is not asked for."""
        told: list[Answer] = []
        if trips := self._trips(plugins, emissions, told):
            frames = [(trip.pool, {"calls": [turn.call for turn in trip.turns]}) for trip in trips]
            replies = call_together(frames, wall_seconds=self._seconds)
            for trip, reply in zip(trips, replies, strict=True):
                told += self._answers(trip, reply)
        order = {plugin.id: place for place, plugin in enumerate(plugins)}
        topics = {emission.topic: place for place, emission in enumerate(emissions)}
        return tuple(sorted(told, key=lambda a: (order[a.plugin], topics[a.topic])))

    def _trips(
        self,
        plugins: Sequence[EnabledPlugin],
        emissions: Sequence[Emission],
        told: list[Answer],
    ) -> list[_Trip]:
        trips: dict[int, _Trip] = {}
        for plugin in plugins:
            turns = [_turn(plugin, e) for e in emissions if e.topic in plugin.manifest.subscribes]
            if not turns:
                continue
            if not self._containment.admits(plugin.key):
                told.append(_left_out(turns[0]))
                continue
            # What has something to prove is asked, whatever is known.
            if self._containment.is_settled(plugin.key):
                turns = _unknown(turns, told)
                if not turns:
                    continue
            group = plugin.together
            pool = group.pool if group else plugin.own
            trips.setdefault(id(pool), _Trip(pool, group, [])).turns.extend(turns)
        return list(trips.values())

    def _answers(self, trip: _Trip, reply: Any) -> list[Answer]:
        if not isinstance(reply, WorkerFault) and not _answers_each(reply, len(trip.turns)):
            reply = WorkerBadFrame("its worker answered nonsense", worker=trip.pool.spec.name)
        if isinstance(reply, WorkerFault):
            return self._failed(trip, reply)
        read = [
            (turn, *_read(turn, entry))
            for turn, entry in zip(trip.turns, reply["replies"], strict=True)
        ]
        forged = [answer.failures[0] for _, answer, why in read if why is Cause.ATTACK]
        if forged and trip.group:  # Any of them may have written it.
            return self._failed(trip, WorkerBadFrame(forged[0], worker=trip.pool.spec.name))
        self._settle(trip, read, reply["replies"])
        return [answer for _, answer, _ in read]

    def _settle(self, trip: _Trip, read: Sequence[_Read], entries: Sequence[Any]) -> None:
        """Tells what each has done, and keeps what was answered without any fault."""
        failed = set()
        for (turn, answer, why), entry in zip(read, entries, strict=True):
            if why is not None:
                failed.add(turn.plugin.id)
                self._containment.failed(turn.plugin.key, why, "; ".join(answer.failures))
            elif turn.event and not answer.failures:
                turn.plugin.known.keep(turn.event, answer, size(entry))
            if entry["outcome"] == "denied":
                self._record_denial(turn, entry)
        for plugin in trip.plugins():
            if plugin.id not in failed:
                self._containment.succeeded(plugin.key)
        _distrust(read)

    def _failed(self, trip: _Trip, fault: WorkerFault) -> list[Answer]:
        self._blame(trip, fault)
        return [Answer(t.plugin.id, t.topic, failures=(fault.reason,)) for t in trip.turns]

    def _blame(self, trip: _Trip, fault: WorkerFault) -> None:
        why = cause(fault, abort=Cause.ATTACK)
        if why is None:
            return
        if trip.group is not None:
            trip.group.part()
        if why is Cause.ATTACK:
            for plugin in trip.plugins():
                plugin.known.forget()
        if trip.group is None or why is Cause.ATTACK:
            for plugin in trip.plugins():
                self._containment.failed(plugin.key, why, fault.reason)

    def _record_denial(self, turn: _Turn, entry: Mapping[str, Any]) -> None:
        denied = entry.get("denied")
        if type(denied) is dict:  # Else it is something that nobody can be granted.
            call, capability = (readable(str(denied.get(key))) for key in ("call", "capability"))
            self._containment.denied(turn.plugin.key, call, capability, self._request_id)


def _turn(plugin: EnabledPlugin, emission: Emission) -> _Turn:
    call = {
        "plugin": plugin.id,
        "topic": emission.topic,
        "event": plugin.shown.cut(emission.event),
    }
    try:
        packed = part(call)
    except FrameError:  # It is refused with all else of its frame.
        return _Turn(plugin, emission.topic, call, None)
    return _Turn(plugin, emission.topic, Part(packed), sha256(packed).digest())


def _unknown(turns: Sequence[_Turn], told: list[Answer]) -> list[_Turn]:
    """Those that have to be asked; the answers to others are told."""
    unknown = []
    for turn in turns:
        answer = turn.plugin.known.get(turn.event) if turn.event else None
        if answer is None:
            unknown.append(turn)
        else:
            told.append(answer)
    return unknown


def _distrust(read: Sequence[_Read]) -> None:
    """What whoever attacked has said before counts no more, nor what it said along with that."""
    for turn, _, why in read:
        if why is Cause.ATTACK:
            turn.plugin.known.forget()


def _left_out(turn: _Turn) -> Answer:
    return Answer(turn.plugin.id, turn.topic, (), (OUT_OF_SERVICE,), asked=False)


def _answers_each(reply: Any, turns: int) -> bool:
    entries = reply.get("replies") if type(reply) is dict else None
    return (
        type(entries) is list
        and len(entries) == turns
        and all(type(e) is dict and e.get("outcome") in (OK, *OUTCOMES) for e in entries)
    )


def _read(turn: _Turn, entry: Mapping[str, Any]) -> tuple[Answer, Cause | None]:
    """The answer, and of which kind its failure is."""
    plugin, topic = turn.plugin, turn.topic
    if entry["outcome"] != OK:
        line = entry.get("line")
        place = f"line {line}: " if type(line) is int else ""
        said = readable(str(entry.get("message") or entry["outcome"]))
        return Answer(plugin.id, topic, failures=(f"{place}{said}",)), OUTCOMES[entry["outcome"]]
    proposals, problems = decode_proposals(entry.get("proposals"))
    for proposal in proposals:
        if why := refusal(plugin.granted, topic, proposal.kind):
            return Answer(plugin.id, topic, failures=(f"{UNADMISSIBLE}: {why}",)), Cause.ATTACK
    return Answer(plugin.id, topic, proposals, problems), None
