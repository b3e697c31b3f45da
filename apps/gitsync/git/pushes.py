"""What a push asks of a remote, and what it answered for each ref. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.refusal_table import STALE
from apps.gitsync.git.refusals import explain_push

REF = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]+")
COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
BRANCHES = "refs/heads/"
FIELDS = 3


class Outcome(StrEnum):
    """HELD: nothing is wrong with the ref, but the server took all of the push or nothing."""

    OK, STALE, REFUSED, HELD = "ok", "stale", "refused", "held"


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """`ref` is to become `new`, provided that it is at `expected` still; None: it is not there."""

    new: str
    ref: str
    expected: str | None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one update; `fault` says why it was not taken."""

    ref: str
    outcome: Outcome
    fault: GitFault | None = None


def push_arguments(updates: Sequence[RefUpdate]) -> list[str]:
    """Raises GitFault for what is no ref or no object."""
    for update in updates:
        _check(update)
    leases = [f"--force-with-lease={u.ref}:{u.expected or ''}" for u in updates]
    return ["--porcelain", "--no-verify", "--no-recurse-submodules", "--no-signed", *leases]


def refspecs(updates: Sequence[RefUpdate]) -> list[str]:
    return [f"{update.new}:{update.ref}" for update in updates]


def outcomes(updates: Sequence[RefUpdate], output: bytes, said: str) -> list[Pushed] | None:
    """Of `push --porcelain`; None when the remote did not come as far as to answer for each."""
    answers = {}
    for line in output.decode("utf-8", "replace").splitlines():
        fields = line.split("\t")
        if len(fields) == FIELDS:
            answers[fields[1].partition(":")[2]] = (fields[0], fields[2])
    if not all(update.ref in answers for update in updates):
        return None
    return [_outcome(update.ref, *answers[update.ref], said) for update in updates]


def not_forward(update: RefUpdate) -> Pushed:
    """Of a branch whose new commit does not contain the old one; it is not even asked for."""
    return Pushed(update.ref, Outcome.REFUSED, explain_push("[rejected] (non-fast-forward)", ""))


def all_or_nothing(before: Sequence[Pushed], updates: Sequence[RefUpdate]) -> list[Pushed]:
    """The answers for all `updates` when those in `before` keep any from being sent."""
    known = {pushed.ref: pushed for pushed in before}
    return [known.get(update.ref, Pushed(update.ref, Outcome.HELD)) for update in updates]


def _outcome(ref: str, flag: str, summary: str, said: str) -> Pushed:
    if flag != "!":
        return Pushed(ref, Outcome.OK)
    if "(atomic push failed)" in summary:
        return Pushed(ref, Outcome.HELD)
    fault = explain_push(summary, said)
    if fault.code == STALE:
        return Pushed(ref, Outcome.STALE, RefMoved(ref))
    return Pushed(ref, Outcome.REFUSED, fault)


def _check(update: RefUpdate) -> None:
    ids = (update.new, *filter(None, (update.expected,)))
    bad = ".." in update.ref or update.ref.endswith((".lock", "/", "."))
    if bad or not REF.fullmatch(update.ref) or not all(map(COMMIT.fullmatch, ids)):
        raise GitFault("ref.form", f"{update.ref!r} cannot be pushed", "Report this as a bug")
