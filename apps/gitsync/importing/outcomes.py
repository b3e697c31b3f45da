"""What became of each thing in an export, for whoever imports it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from apps.content.problems import Problem

IMPORTED, UNCHANGED, WOULD, REFUSED = "imported", "unchanged", "would import", "refused"
TITLE: Final = 120
ORDER: Final = ("post", "page", "attachment", "author", "term", "comment")


class Outcome(StrEnum):
    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "changed by hand"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing of the export. `reasons` say what did not come over, or why nothing did."""

    kind: str
    id: str
    title: str
    outcome: Outcome
    path: str = ""
    address: str = ""
    old: str = ""
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "title": self.title[:TITLE],
            "outcome": str(self.outcome),
            "path": self.path,
            "address": self.address,
            "old": self.old,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """`held` says how many of each kind the file holds, `comments` what became of those; `commit`
    is None where nothing was written. `fetch` are files that nobody had."""

    state: str
    branch: str
    site: Mapping[str, str]
    held: Mapping[str, int]
    items: tuple[Told, ...]
    comments: Mapping[Outcome, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    fetch: tuple[str, ...] = ()
    files: int = 0
    commit: str | None = None
    published: bool = False
    problems: tuple[Problem, ...] = ()

    def counts(self) -> dict[str, dict[str, int]]:
        """By kind: how many the file holds, and what became of them."""
        found = {kind: Counter[str]() for kind in kinds([*self.held, *_kinds(self.items)])}
        for each in self.items:
            found[each.kind][str(each.outcome)] += 1
        for outcome, count in self.comments.items():
            found["comment"][str(outcome)] += count
        return {
            kind: {"held": self.held.get(kind, 0), **dict(sorted(outcomes.items()))}
            for kind, outcomes in found.items()
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "branch": self.branch,
            "commit": self.commit,
            "published": self.published,
            "files": self.files,
            "site": dict(self.site),
            "counts": self.counts(),
            "items": [each.as_json() for each in self.items],
            "notes": list(self.notes),
            "to_fetch": list(self.fetch),
            "problems": [problem.as_json() for problem in self.problems],
        }


def kinds(found: Iterable[str]) -> list[str]:
    """Each once: those that everybody knows first."""
    known = set(found)
    return [*(k for k in ORDER if k in known), *sorted(known.difference(ORDER))]


def _kinds(items: Iterable[Told]) -> set[str]:
    return {each.kind for each in items}
