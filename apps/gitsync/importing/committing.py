"""Makes one commit of what an import has prepared, once it was judged as a sync would judge it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from apps.gitsync.clone.remote import push
from apps.gitsync.clone.standing import OWN, THEIRS
from apps.gitsync.errors import RefMoved
from apps.gitsync.git.commits import PLAIN_FILE, Author
from apps.gitsync.git.pushes import Outcome, RefUpdate
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import tree_with
from apps.gitsync.importing.importing import Prepared
from apps.gitsync.importing.judging import verdict_of
from apps.gitsync.importing.outcomes import IMPORTED, REFUSED, ImportReport
from apps.gitsync.syncing.update import LocalSite
from apps.gitsync.writing.saving import keep_on_disk
from apps.gitsync.writing.wording import CAUSE, checked_name, worded

COMMAND: Final = "importwordpress"
TOLD: Final = ("post", "page", "attachment")


def committed(site: LocalSite, made: Prepared, author: Author) -> ImportReport:
    """Raises GitFault; then no ref has moved."""
    report = made.report()
    spool = made.gathered.spool
    if not made.gathered.changed or spool is None:
        return report
    for text in (author.name, author.email):
        checked_name(text)
    if site.source.signing:
        site.source.signing.check()
    repository = Repository(site.source.repository, durable=True)
    spool.written(repository)
    commit = _commit(site, repository, made, author)
    changed = made.gathered.files()
    verdict = verdict_of(site, repository, commit, made.base.commit, changed)
    if verdict.refused:
        return replace(report, state=REFUSED, problems=verdict.problems)
    repository.move(OWN + made.base.branch, commit, made.base.own)
    keep_on_disk(repository, OWN + made.base.branch, made.since)
    return replace(report, state=IMPORTED, commit=commit, problems=verdict.problems)


def sent(site: LocalSite, report: ImportReport) -> ImportReport:
    """The branch of an import at the remote, to be looked at and merged there. Raises GitFault."""
    repository = Repository(site.source.repository, durable=True)
    new = repository.resolve(OWN + report.branch)
    expected = repository.resolve(THEIRS + report.branch)
    if new is None or new == expected:
        return report
    (answer,) = push(repository, site.source, [RefUpdate(new, OWN + report.branch, expected)])
    if answer.outcome is not Outcome.OK:
        raise answer.fault or RefMoved(OWN + report.branch)
    repository.move(THEIRS + report.branch, new, expected)
    return replace(report, published=True)


def _commit(site: LocalSite, repository: Repository, made: Prepared, author: Author) -> str:
    files = {path: (PLAIN_FILE, blob) for path, blob in made.gathered.files().items()}
    tree = tree_with(repository, f"{made.base.commit}^{{tree}}", files)
    message = worded(_cause(made.survey.held), {CAUSE: COMMAND})
    who = author.as_environment()
    key = site.source.signing
    return repository.write_commit(tree, (made.base.commit,), message, who, key=key)


def _cause(held: Mapping[str, int]) -> str:
    counts = [f"{held[kind]} {kind}{'s' * (held[kind] != 1)}" for kind in TOLD if held.get(kind)]
    return f"Import from WordPress: {', '.join(counts) or 'no documents'}"
