"""Proposals as an author writes them in a case, and as a case that failed shows them. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from apps.extensions.proposals import (
    Header,
    Metadata,
    Patch,
    Proposal,
    Status,
    Transform,
    decode_proposals,
)
from apps.extensions.values import ProposalError, plain

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_NAMES: Final = {"metadata": "key", "header": "name", "transform": "selector"}
_KINDS: Final = ("metadata", "status", "header", "transform", "patch")


def proposal_of(table: Mapping[str, Any]) -> Proposal:
    """From `{ metadata = "key", value = 1 }`; raises ProposalError."""
    kinds = [kind for kind in _KINDS if kind in table]
    if len(kinds) != 1 and not (kinds and kinds[0] == "metadata"):
        raise ProposalError(f"a proposal has one of {', '.join(_KINDS)}")
    kind = kinds[0]
    rest = {key: value for key, value in table.items() if key != kind}
    entry = {"kind": kind, **rest, _NAMES.get(kind, _only(kind)): table[kind]}
    if kind == "header":
        entry.setdefault("op", "set")
    proposals, problems = decode_proposals([entry])
    if problems:
        raise ProposalError(problems[0].removeprefix("proposal 1: "))
    return proposals[0]


def line(proposal: Proposal) -> str:
    """Two proposals have the same line where they propose the same."""
    return inline(_table(proposal))


def inline(value: Any) -> str:
    """A JSON-like value as TOML in one line."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {inline(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    return _quoted(value)


def _only(kind: str) -> str:
    return "status" if kind == "status" else "operations"


def _table(proposal: Proposal) -> dict[str, Any]:
    if isinstance(proposal, Metadata):
        return {"metadata": proposal.key, "value": plain(proposal.value)}
    if isinstance(proposal, Status):
        return {"status": proposal.status}
    if isinstance(proposal, Header):
        value = {} if proposal.op == "remove" else {"value": proposal.value}
        return {"header": proposal.name, "op": proposal.op, **value}
    if isinstance(proposal, Transform):
        return {"transform": proposal.selector, "op": proposal.op, **proposal.arguments}
    assert isinstance(proposal, Patch)
    return {"patch": [each.as_json() for each in proposal.operations]}


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(value: Any) -> str:
    """TOML writes texts as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
