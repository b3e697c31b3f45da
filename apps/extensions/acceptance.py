"""Which proposals a theme takes over: by its `[accept]` and by the order of configuration."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from apps.extensions import limits
from apps.extensions.messages import readable
from apps.extensions.pointers import accepted
from apps.extensions.proposals import Header, Metadata, Patch, Proposal, Status, Transform
from apps.extensions.values import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """A theme's `[accept]`: nothing is taken unasked.

    `headers` are names or "x-*", `transforms` selectors, `json` patterns as of pointers.py.
    """

    metadata: bool = False
    status: bool = False
    headers: tuple[str, ...] = ()
    transforms: tuple[str, ...] = ()
    json: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """`by` is the plugin's id, stamped by the host."""

    by: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Dropped:
    """`unwritable`: no page could be written with it, for which the machine may be to blame."""

    by: str
    proposal: Proposal
    reason: str
    unwritable: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """In the order of configuration. What a transform or patch meets is seen when it is carried
    out."""

    metadata: tuple[Proposed, ...] = ()
    status: Proposed | None = None
    headers: tuple[Proposed, ...] = ()
    transforms: tuple[Proposed, ...] = ()
    patches: tuple[Proposed, ...] = ()

    def all(self) -> Iterator[Proposed]:
        yield from self.metadata
        yield from (self.status,) if self.status else ()
        yield from (*self.headers, *self.transforms, *self.patches)

    def metadata_values(self) -> dict[str, Any]:
        """Plain lists and maps, as a worker can be sent them."""
        found = (each.proposal for each in self.metadata)
        return {each.key: plain(each.value) for each in found if isinstance(each, Metadata)}

    def transform_requests(self) -> list[dict[str, Any]]:
        """As the template worker takes them."""
        requests = []
        for each in self.transforms:
            if isinstance(change := each.proposal, Transform):
                fixed = {"selector": change.selector, "op": change.op, "by": each.by}
                requests.append(fixed | dict(change.arguments))
        return requests

    def patch_requests(self) -> list[dict[str, Any]]:
        """As the template worker takes them."""
        return [
            {"operations": [each.as_json() for each in patch.operations], "by": proposed.by}
            for proposed in self.patches
            if isinstance(patch := proposed.proposal, Patch)
        ]


def accept(
    proposals: Mapping[str, Sequence[Proposal]], rules: Accept, order: Sequence[str]
) -> tuple[Accepted, tuple[Dropped, ...]]:
    """`proposals` by plugin id; `order` is the configuration's, and who is not in it is not heard.

    Order never depends on arrival. Of conflicting proposals the last in the order counts, and each
    earlier one is dropped with the name of the plugin that overrode it. Transforms and patches do
    not conflict: they are carried out one after the other.
    """
    ordered = [Proposed(by, each) for by in order for each in proposals.get(by, ())]
    dropped = [
        Dropped(by, each, "the plugin is not enabled")
        for by in sorted(proposals.keys() - set(order))
        for each in proposals[by]
    ]
    taken: list[Proposed] = []
    claimed: set[tuple[str, str]] = set()
    for each in ordered:
        if reason := _refusal(rules, each.proposal):
            dropped.append(Dropped(each.by, each.proposal, reason))
            continue
        claim = _claim(each.proposal)
        if claim in claimed:
            taken = _without_overridden(taken, each, dropped)
        elif claim:
            claimed.add(claim)
        taken.append(each)
    return _sorted(_bounded(taken, dropped)), tuple(dropped)


def overridden(earlier: Accepted, later: Accepted) -> tuple[Dropped, ...]:
    """Of the envelope, what is said before the page is written counts less than what is after."""
    new = [*later.headers, *([later.status] if later.status else [])]
    old = [*earlier.headers, *([earlier.status] if earlier.status else [])]
    return tuple(
        Dropped(each.by, each.proposal, f"overridden by {winner.by}")
        for each in old
        for winner in new
        if _overrides(winner.proposal, each.proposal)
    )


def _refusal(rules: Accept, proposal: Proposal) -> str:
    """What the theme's manifest would have to say; empty when it takes this."""
    if isinstance(proposal, Metadata):
        return "" if rules.metadata else "[accept] of the theme does not say metadata = true"
    if isinstance(proposal, Status):
        return "" if rules.status else "[accept] of the theme does not say status = true"
    if isinstance(proposal, Header):
        return _header_refusal(rules.headers, proposal.name)
    if isinstance(proposal, Patch):
        return _patch_refusal(rules.json, proposal)
    return "" if rules.transforms else "[accept] of the theme names no transforms"


def _header_refusal(patterns: Sequence[str], name: str) -> str:
    if any(fnmatchcase(name, pattern.lower()) for pattern in patterns):
        return ""
    return f'[accept] headers of the theme does not name "{name}"'


def _patch_refusal(patterns: Sequence[str], patch: Patch) -> str:
    for operation in patch.operations:
        touched = [operation.path, *([operation.source] if operation.op == "move" else [])]
        for pointer in touched:
            if not accepted(pointer, patterns):
                return f'[accept] json of the theme does not name "{readable(pointer)}"'
    return ""


def _claim(proposal: Proposal) -> tuple[str, str] | None:
    """What two proposals can be in conflict about."""
    if isinstance(proposal, Metadata):
        return proposal.kind, proposal.key
    if isinstance(proposal, Header):
        return proposal.kind, proposal.name
    return (proposal.kind, "") if isinstance(proposal, Status) else None


def _without_overridden(
    taken: list[Proposed], new: Proposed, dropped: list[Dropped]
) -> list[Proposed]:
    kept = []
    for old in taken:
        if _overrides(new.proposal, old.proposal):
            dropped.append(Dropped(old.by, old.proposal, f"overridden by {new.by}"))
        else:
            kept.append(old)
    return kept


def _bounded(taken: list[Proposed], dropped: list[Dropped]) -> list[Proposed]:
    """Without the headers that are too much; smaller ones after them go on."""
    left, kept = limits.HEADERS_BYTES, list[Proposed]()
    for each in taken:
        header = each.proposal
        cost = len(header.name) + len(header.value) if isinstance(header, Header) else 0
        if cost > left:
            reason = f"the headers of a page may have {limits.HEADERS_BYTES} bytes from plugins"
            dropped.append(Dropped(each.by, header, reason))
        else:
            left -= cost
            kept.append(each)
    return kept


def _overrides(new: Proposal, old: Proposal) -> bool:
    if isinstance(new, Metadata) and isinstance(old, Metadata):
        return new.key == old.key
    if isinstance(new, Header) and isinstance(old, Header):
        return new.name == old.name and new.op != "append"
    return isinstance(new, Status) and isinstance(old, Status)


def _sorted(taken: list[Proposed]) -> Accepted:
    of: dict[str, list[Proposed]] = {}
    for each in taken:
        of.setdefault(each.proposal.kind, []).append(each)
    statuses = of.get(Status.kind)
    return Accepted(
        metadata=tuple(of.get(Metadata.kind, ())),
        status=statuses[-1] if statuses else None,
        headers=tuple(of.get(Header.kind, ())),
        transforms=tuple(of.get(Transform.kind, ())),
        patches=tuple(of.get(Patch.kind, ())),
    )
