"""Whether whoever signed a commit may do what it does, by the policies of the commit before.

A commit that changes the policies is a step, as it is for signers: what follows it is judged as if
it had been pulled on its own.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from apps.content.problems import Problem
from apps.extensions.authority import rules_in
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.trust.implying import EXTENSIONS, POLICIES, implied
from apps.gitsync.trust.policies import policies_at
from apps.policy.entities import Branch, Document, Resource
from apps.policy.rules import Rules

CODE: Final = "policy.commit"
TOLD: Final = 10
MERGE: Final = "merge"
_QUERY: Final = (
    *("log", "--raw", "-z", "--no-renames", "--no-abbrev", "--topo-order"),
    *("--no-ext-diff", "--no-textconv", "--format=%H %P"),
)
# Of a merge, what it makes of both sides beyond what Git would; else all that is not as in each.
# Git takes --reverse and --remerge-diff together, but then merges are shown with other parents.
_MERGES: Final = ("--remerge-diff", "-m")


@dataclass(frozen=True, slots=True)
class Act:
    """One commit and the paths that it changes itself."""

    commit: str
    is_merge: bool
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`states` are what a path was and is to be as a document."""

    branch: str
    states: Callable[[str], Sequence[Document]]


def judge_acts(
    repository: Repository, new: str, *, last_good: str, signed: Mapping[str, str], scene: Scene
) -> list[Problem]:
    """Why `new` is refused: what its first commit does whose signer may not. `signed` is the
    signer's name of each. Raises GitFault."""
    rules, known = rules_in(policies_at(repository, last_good)), _extensions(repository, last_good)
    for act in acts(repository, last_good, new):
        if denied := list(_denied(act, signed.get(act.commit, ""), rules, scene, known)):
            return denied[:TOLD]
        if any(path.partition("/")[0] == POLICIES for path in act.paths):
            rules = _following(repository, act.commit, rules)
    return []


def acts(repository: Repository, old: str, new: str) -> Iterator[Act]:
    """The oldest first; one call of Git."""
    for how in _MERGES:
        try:
            output = repository.plumb(*_QUERY, how, f"{old}..{new}")
        except GitFault:
            if how == _MERGES[-1]:
                raise
        else:
            return reversed(list(read_acts(output)))
    return iter(())


def read_acts(output: bytes) -> Iterator[Act]:
    """Of `log --raw -z`: paths stand behind a line with a colon, so none can pass for a commit."""
    parts = iter(output.split(b"\0"))
    found: dict[str, dict[str, None]] = {}
    merges: set[str] = set()
    commit = ""
    for part in parts:
        said = part.lstrip(b"\n")
        if said.startswith(b":"):
            found[commit][os.fsdecode(next(parts))] = None
        elif said:
            commit, *parents = said.decode().split()
            found.setdefault(commit, {})
            merges |= {commit} if len(parents) > 1 else set()
    return (Act(each, each in merges, tuple(paths)) for each, paths in found.items())


def _denied(
    act: Act, signer: str, rules: Rules, scene: Scene, known: frozenset[str]
) -> Iterator[Problem]:
    who, branch = rules.person(signer), Branch(scene.branch)
    for path in act.paths:
        for action, resource in _asked(path, scene, known):
            decision = rules.decide(who, action, resource)
            if not decision.allowed and act.is_merge and isinstance(resource, Document):
                decision = rules.decide(who, MERGE, branch)
            if not decision.allowed:
                told = f"signed by {signer!r}, who may not {action} {resource}: {decision.reason}"
                yield Problem(f"commit {act.commit[:12]}", 0, CODE, f"{path}: {told}")
                break


def _asked(path: str, scene: Scene, known: frozenset[str]) -> Iterable[tuple[str, Resource]]:
    states = (implied(path, each, known) for each in scene.states(path))
    return dict.fromkeys(states)


def _following(repository: Repository, commit: str, before: Rules) -> Rules:
    """Policies that could not hold are no step; what the commit is to come to is proven apart."""
    with suppress(GitFault):
        rules = rules_in(policies_at(repository, commit))
        return before if rules.flaws else rules
    return before


def _extensions(repository: Repository, commit: str) -> frozenset[str]:
    folders = repository.plumb(
        *("ls-tree", "-z", "-d", "--name-only", "--full-tree", commit, "--"),
        *(f"{folder}/" for folder in EXTENSIONS),
    )
    return frozenset(os.fsdecode(name) for name in folders.split(b"\0") if name)
