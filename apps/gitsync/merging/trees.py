"""Merges two commits into a tree: Git follows renames and does what is plain, the rest goes by
meaning. Writes objects and moves no ref.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from apps.content.merging.conflicts import Conflict
from apps.content.merging.document import NOTHING
from apps.content.merging.forms import form_of
from apps.content.merging.messages import FileMerges
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Side, Three
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.commands import merge_bases, merge_trees
from apps.gitsync.merging.conflicts import FileConflict
from apps.gitsync.merging.contests import Contest, Kind, Version, contests, merged_mode
from apps.gitsync.merging.files import (
    Line,
    Lines,
    blobs_of,
    lines_of,
    put_settled,
    read_contents,
    tree_of,
)
from apps.gitsync.merging.output import TreeMerge
from apps.gitsync.merging.settling import Choice, Files, settle

NOBODY = Author("WhisperCMS", "merge@whispercms.invalid", "@0 +0000")
"""Of commits that only Git's merge sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """`rest` is the tree of all that is decided; without conflicts it is `tree`."""

    base: str
    ours: str
    theirs: str
    rest: str
    conflicts: tuple[FileConflict, ...]

    @property
    def tree(self) -> str | None:
        return None if self.conflicts else self.rest


def merge(
    repository: Repository, ours: str, theirs: str, *, merges: FileMerges, base: str | None = None
) -> MergeResult:
    """Of two commits; without `base` their common ancestor is asked of Git. Raises GitFault."""
    return _Merges(repository, merges).merged(ours, theirs, base)


def commit_of(repository: Repository, name: str) -> str:
    """Raises GitFault."""
    commit = repository.resolve(f"{name}^{{commit}}")
    if commit is None:
        raise GitFault("git.missing-object", f"there is no commit {name[:80]!r}", "Fetch it first")
    return commit


class _Merges:
    """Merges that may need others first."""

    def __init__(self, repository: Repository, merges: FileMerges) -> None:
        self._repository, self._merges = repository, merges

    def merged(self, ours: str, theirs: str, base: str | None = None) -> MergeResult:
        ours, theirs = commit_of(self._repository, ours), commit_of(self._repository, theirs)
        known, pair = self._compared(ours, theirs, base)
        merging = _Merge(self._repository, self._merges, Three(known, *pair))
        lines, conflicts = merging.result()
        return MergeResult(
            base=known,
            ours=ours,
            theirs=theirs,
            rest=tree_of(self._repository, lines),
            conflicts=tuple(conflicts),
        )

    def _compared(self, ours: str, theirs: str, base: str | None) -> tuple[str, tuple[str, str]]:
        """The base, and two commits whose common ancestor Git will find it to be."""
        bases = [base] if base else merge_bases(self._repository, ours, theirs)
        if not bases:
            reason = "the two commits have no history in common"
            raise GitFault("merge.unrelated", reason, "Merge a branch of the same site")
        if base is None and len(bases) == 1:
            return bases[0], (ours, theirs)
        known = self._virtual(bases)
        root = self._copy(known, ())
        return known, (self._copy(ours, (root,)), self._copy(theirs, (root,)))

    def _virtual(self, bases: Sequence[str]) -> str:
        """Of branches that were merged crosswise: their ancestors merged, and as they were before
        where those conflict."""
        known = commit_of(self._repository, bases[0])
        for other in bases[1:]:
            result = self.merged(known, other)
            lines = lines_of(self._repository, result.rest)
            blobs = blobs_of(file.versions for file in result.conflicts)
            files = Files(self._merges, read_contents(self._repository, blobs))
            for file in result.conflicts:
                if settled := settle(file, Choice(Side.BASE), files):
                    put_settled(self._repository, lines, settled, Side.BASE)
            known = self._commit(tree_of(self._repository, lines), (known, other))
        return known

    def _copy(self, commit: str, parents: Sequence[str]) -> str:
        tree = self._repository.resolve(f"{commit}^{{tree}}") or commit
        return self._commit(tree, parents)

    def _commit(self, tree: str, parents: Sequence[str]) -> str:
        return self._repository.write_commit(tree, parents, "Base\n", NOBODY.as_environment())


class _Merge:
    def __init__(self, repository: Repository, merges: FileMerges, commits: Three[str]) -> None:
        self._repository, self._merges, self._commits = repository, merges, commits

    def result(self) -> tuple[Lines, list[FileConflict]]:
        found = merge_trees(self._repository, *self._commits[1:], contents=False)
        contested = [self._followed(contest) for contest in contests(found)]
        lines = lines_of(self._repository, found.tree)
        for path in (path for contest in contested for path in contest.paths):
            lines.pop(path, None)
        blobs = blobs_of(contest.versions for contest in contested)
        files = Files(self._merges, read_contents(self._repository, blobs))
        conflicts = []
        for contest in contested:
            decided = self._decided(contest, files)
            if isinstance(decided, FileConflict):
                conflicts.append(decided)
            else:
                lines[contest.path] = decided
        return lines, conflicts

    def _decided(self, contest: Contest, files: Files) -> Line | FileConflict:
        """The file as it is merged, or what of it is open."""
        merged = files.merged(contest, NOTHING)
        mode = merged_mode(contest.versions)
        is_plain = contest.kind is Kind.CONTENT and not contest.old
        if is_plain and mode and merged and not merged.conflicts:
            return mode, self._repository.write_blob(merged.content)
        if is_plain and (line := self._of_git(contest.path)):
            return line
        places = tuple(merged.conflicts) if merged else ()
        if any(place.is_whole for place in places):
            places = ()
        return self._conflict(contest, is_open=not (is_plain and mode and places), places=places)

    def _conflict(
        self, contest: Contest, *, is_open: bool, places: tuple[Conflict, ...]
    ) -> FileConflict:
        reason = contest.reason
        for commit, side in zip(self._commits[1:], (Side.OURS, Side.THEIRS), strict=True):
            reason = reason.replace(commit, side)
        return FileConflict(
            path=contest.path,
            kind=contest.kind,
            versions=contest.versions,
            is_open=is_open,
            places=places,
            others=self._others(contest.old) if contest.old else (),
            reason=reason,
        )

    def _others(self, old: str) -> tuple[Version, ...]:
        """What one side made of a file that the other renamed to where another one stood."""
        found = (lines_of(self._repository, commit).get(old) for commit in self._commits[1:])
        return tuple(Version(old, *line) for line in found if line)

    def _followed(self, contest: Contest) -> Contest:
        """Of a file renamed to where another one stood: with the other side's changes to it, if
        Git can merge their lines."""
        if not contest.old:
            return contest
        plain = {each.path: each for each in contests(self._plain)}
        found = plain.get(contest.path, contest)
        return contest if found.old else replace(contest, versions=found.versions, old=None)

    def _of_git(self, path: str) -> Line | None:
        """Where Git merges the lines of a file that is not sealed, and it can still be read."""
        clean, form = self._clean.get(path), form_of(path)
        if clean is None or form is Form.WHOLE:
            return None
        content = read_contents(self._repository, [clean[1]]).get(clean[1])
        return clean if content is None or self._merges.reads(content, form) else None

    @cached_property
    def _plain(self) -> TreeMerge:
        return merge_trees(self._repository, *self._commits[1:])

    @cached_property
    def _clean(self) -> Lines:
        contested = {os.fsdecode(path) for path in self._plain.stages}
        lines = lines_of(self._repository, self._plain.tree)
        return {path: line for path, line in lines.items() if path not in contested}
