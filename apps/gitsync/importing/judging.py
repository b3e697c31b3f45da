"""Judges the commit of an import as a sync would, before any branch has it.

A sync holds all that changes at once. Of a large import the documents are read in parts instead,
and all else in a commit without them, so that memory does not follow the length of the file.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Final

from apps.content.index_writer import IndexWriter
from apps.content.problems import Problem
from apps.content.types import refusals
from apps.gitsync.clone.remote import Target, branch_name
from apps.gitsync.git.commits import PLAIN_FILE, Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import tree_with
from apps.gitsync.importing.places import CONTENT
from apps.gitsync.locks import exclusive
from apps.gitsync.report import REFUSED
from apps.gitsync.syncing.configuring import configured
from apps.gitsync.syncing.plan import SourceFile
from apps.gitsync.syncing.reading import read_documents
from apps.gitsync.syncing.sync import judged
from apps.gitsync.syncing.update import LocalSite

AT_ONCE: Final = 16 * 1024 * 1024
"""Bytes of documents up to which a commit is judged as a whole."""
PART: Final = 50
NOBODY: Final = Author("WhisperCMS", "whispercms@localhost", "1000000000 +0000")
MESSAGE: Final = "Judge an import\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    refused: bool
    problems: tuple[Problem, ...]


def verdict_of(
    site: LocalSite, repository: Repository, commit: str, base: str, changed: Mapping[str, str]
) -> Verdict:
    """Of a commit that changes these files of another one. Raises GitFault or WorkerFault."""
    documents = [SourceFile(p, b) for p, b in changed.items() if p.startswith(f"{CONTENT}/")]
    sizes = repository.sizes(sorted({file.blob for file in documents}))
    whole = sum(sizes.values()) <= AT_ONCE or site.source.require_signatures
    if whole:
        return _as_a_whole(site, repository, commit, changed)
    later = {file.source for file in documents[1:]}  # A site without any is refused.
    rest = {path: blob for path, blob in changed.items() if path not in later}
    first = _as_a_whole(site, repository, _without_documents(repository, base, rest), changed)
    if first.refused:
        return first
    refused: list[Problem] = []
    told = [*first.problems]
    for found, refusing in _in_parts(site, repository, commit, documents, sizes):
        told += found
        refused += refusing
    return Verdict(bool(refused), tuple(sorted(set(refused or told))))


def _as_a_whole(
    site: LocalSite, repository: Repository, commit: str, changed: Mapping[str, str]
) -> Verdict:
    """As if it were on the branch that is served. What is wrong with other files is no news, but
    for what refuses all."""
    with exclusive(site.source.lock), closing(IndexWriter(site.files)) as writer:
        goal = Target(branch_name(repository, site.source), commit)
        report = judged(site, repository, writer, goal, since=None)
    if report.state == REFUSED:
        return Verdict(True, report.problems)
    return Verdict(False, tuple(each for each in report.problems if each.path in changed))


def _without_documents(repository: Repository, base: str, rest: Mapping[str, str]) -> str:
    files = {path: (PLAIN_FILE, blob) for path, blob in rest.items()}
    tree = tree_with(repository, f"{base}^{{tree}}", files)
    return repository.write_commit(tree, (base,), MESSAGE, NOBODY.as_environment())


def _in_parts(
    site: LocalSite,
    repository: Repository,
    commit: str,
    documents: list[SourceFile],
    sizes: Mapping[str, int],
) -> Iterator[tuple[list[Problem], list[Problem]]]:
    """What is told and what refuses, of some documents at a time."""
    configuration = configured(repository, commit, site.renderer, None).configuration
    listed = iter(documents)
    while part := list(islice(listed, PART)):
        entries = list(read_documents(repository, site.renderer, configuration, part, sizes))
        told = [problem for entry in entries for problem in entry.problems]
        yield told, refusals(configuration.types, entries)
