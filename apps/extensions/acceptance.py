"""Which proposals a theme takes over: by its `[accept]` and by the order of configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from apps.extensions.proposals import Header, Metadata, Proposal, Status, Transform, Value

NOT_ACCEPTED: Final = "the theme does not accept this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """A theme's `[accept]`: nothing is taken unasked. `headers` are names or "x-*"."""

    metadata: bool = False
    status: bool = False
    headers: tuple[str, ...] = ()
    transforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """`by` is the plugin's id, stamped by the host."""

    by: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Dropped:
    by: str
    proposal: Proposal
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """In the order of configuration. What a transform meets is seen when it is carried out."""

    metadata: tuple[Proposed, ...] = ()
    status: Proposed | None = None
    headers: tuple[Proposed, ...] = ()
    transforms: tuple[Proposed, ...] = ()

    def metadata_values(self) -> dict[str, Any]:
        """Plain lists and maps, as a worker can be sent them."""
        found = (each.proposal for each in self.metadata)
        return {each.key: _plain(each.value) for each in found if isinstance(each, Metadata)}

    def transform_requests(self) -> list[dict[str, Any]]:
        """As the template worker takes them."""
        requests = []
        for each in self.transforms:
            if isinstance(change := each.proposal, Transform):
                fixed = {"selector": change.selector, "op": change.op, "by": each.by}
                requests.append(fixed | dict(change.arguments))
        return requests


def accept(
    proposals: Mapping[str, Sequence[Proposal]], rules: Accept, order: Sequence[str]
) -> tuple[Accepted, tuple[Dropped, ...]]:
    """`proposals` by plugin id; `order` is the configuration's, and who is not in it is not heard.

    Order never depends on arrival. Of conflicting proposals the last in the order counts, and each
    earlier one is dropped with the name of the plugin that overrode it. Transforms do not conflict:
    they are carried out one after the other.
    """
    ordered = [Proposed(by, each) for by in order for each in proposals.get(by, ())]
    dropped = [
        Dropped(by, each, "the plugin is not enabled")
        for by in sorted(proposals.keys() - set(order))
        for each in proposals[by]
    ]
    taken: list[Proposed] = []
    for each in ordered:
        if _accepts(rules, each.proposal):
            taken = _add(taken, each, dropped)
        else:
            dropped.append(Dropped(each.by, each.proposal, NOT_ACCEPTED))
    return _sorted(taken), tuple(dropped)


def _plain(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _accepts(rules: Accept, proposal: Proposal) -> bool:
    if isinstance(proposal, Metadata):
        return rules.metadata
    if isinstance(proposal, Status):
        return rules.status
    if isinstance(proposal, Header):
        return any(fnmatchcase(proposal.name, pattern.lower()) for pattern in rules.headers)
    return bool(rules.transforms)


def _add(taken: list[Proposed], new: Proposed, dropped: list[Dropped]) -> list[Proposed]:
    kept = []
    for old in taken:
        if _overrides(new.proposal, old.proposal):
            dropped.append(Dropped(old.by, old.proposal, f"overridden by {new.by}"))
        else:
            kept.append(old)
    return [*kept, new]


def _overrides(new: Proposal, old: Proposal) -> bool:
    if isinstance(new, Metadata) and isinstance(old, Metadata):
        return new.key == old.key
    if isinstance(new, Header) and isinstance(old, Header):
        return new.name == old.name and new.op != "append"
    return isinstance(new, Status) and isinstance(old, Status)


def _sorted(taken: list[Proposed]) -> Accepted:
    statuses = [each for each in taken if isinstance(each.proposal, Status)]
    return Accepted(
        metadata=tuple(each for each in taken if isinstance(each.proposal, Metadata)),
        status=statuses[-1] if statuses else None,
        headers=tuple(each for each in taken if isinstance(each.proposal, Header)),
        transforms=tuple(each for each in taken if isinstance(each.proposal, Transform)),
    )
