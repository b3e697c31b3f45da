"""Everything that a commit changes, read and parsed before a row is touched.

Second half of a sync: configuration → diff → plan → read → parse → dates.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from apps.content.configuration import PATH, Configuration, redirects_in
from apps.content.entries import Entry, Shown
from apps.content.files import ContentFiles
from apps.content.index_writer import IndexWriter
from apps.content.layouts import POLICIES
from apps.content.merging.messages import FileMerges
from apps.content.problems import Problem
from apps.content.rendering import Renderer
from apps.content.types import refusals
from apps.extensions.authority import basis, rules_in
from apps.gitsync.clone.remote import Target
from apps.gitsync.git.looks import Look
from apps.gitsync.git.output import TreeItem
from apps.gitsync.git.repository import Repository
from apps.gitsync.releases.release import Release
from apps.gitsync.report import Stopwatch
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing import assets, history, pictures, reading
from apps.gitsync.syncing.configuring import Configured, configured
from apps.gitsync.syncing.plan import Plan, plan
from apps.gitsync.syncing.showing import Showing

Check = Callable[[Configuration, Mapping[str, bytes]], list[Problem]]
"""Says why a site's extensions cannot be used, from its configuration and its kept files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSite:
    """One environment of a site on this node, and what a sync or a publication needs to work on
    it."""

    source: SiteSource
    files: ContentFiles
    renderer: Renderer
    merges: FileMerges
    check: Check
    bundled: Path
    check_of_servers: Check | None = None
    """Where this node is for development and lets more pass than they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One sync under way: the only writer of the index, and the commit that it is to reach, with
    the release that names it, if there is one; `inexact` takes what other versions make of it,
    `also` are refs that move with the one that is served, `seen` all refs as it began."""

    site: LocalSite
    repository: Repository
    writer: IndexWriter
    goal: Target
    watch: Stopwatch
    release: Release | None = None
    inexact: bool = False
    also: Mapping[str, str] = field(default_factory=dict)
    seen: Look | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is to be applied. `names` are the top folder's entries, a line each, `others` what
    other systems' configuration files hold; `shown` is when
    visitors may read what stays as it is, where that changes."""

    plan: Plan
    entries: tuple[Entry, ...]
    whole: bool
    configuration: Configuration
    names: str
    others: str = ""
    shown: Mapping[str, Shown] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


class Refused(Exception):
    """The commit cannot be served; the last good one still is."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("; ".join(map(str, problems)))


def prepare(run: Run, *, rebuild: bool) -> Update:
    """Writes nothing but assets, which are found by blob. Raises ConfigurationError or Refused."""
    repository, writer, commit = run.repository, run.writer, run.goal.commit
    with run.watch.stage("configuration"):
        wanted = configured(repository, commit, run.site.renderer, writer.pointer())
        configuration = wanted.configuration
    with run.watch.stage("diff"):
        since = None if rebuild else _since(run, wanted)
        items, added = _items(run, since)
        todo = plan(configuration, items)
        files = (*todo.documents, *todo.assets, *todo.kept, *todo.either)
        sizes = repository.sizes(sorted({file.blob for file in files}))
        todo = reading.told_apart(repository, configuration, todo, sizes)
    kept, stored = _files(run, configuration, todo, sizes, whole=since is None)
    documents = _documents(run, configuration, todo, sizes)
    with run.watch.stage("history"):
        undated = reading.undated(documents)
        between = _span(run, since, added) if since and undated else None
        dates = history.first_seen(repository, writer, undated, commit=commit, between=between)
    unread = (*todo.problems, *_of_files(wanted, todo, whole=since is None))
    refused = [Entry(source=problem.path, problems=(problem,)) for problem in unread]
    entries = (*kept, *stored, *(reading.dated(d, dates) for d in documents), *refused)
    if since is None and not any(entry.document for entry in entries):
        raise Refused([_no_documents(configuration)])
    with run.watch.stage("policy"):
        entries, shown = _decided(run, todo, entries, whole=since is None)
    return Update(
        plan=todo,
        entries=entries,
        shown=shown,
        whole=since is None,
        configuration=configuration,
        names=wanted.names,
        others=wanted.others,
        counts=_counts(writer, entries, todo, whole=since is None),
    )


def _files(
    run: Run, configuration: Configuration, todo: Plan, sizes: dict[str, int], *, whole: bool
) -> tuple[list[Entry], list[Entry]]:
    """Those that other apps read, and the assets. Raises Refused."""
    site, repository = run.site, run.repository
    with run.watch.stage("read"):
        redirects = redirects_in(configuration)
        kept = list(reading.read_kept(repository, todo.kept, sizes, redirects))
        _judge(run, configuration, todo, kept, whole=whole)
        named = assets.asset_entries(configuration, todo.assets, sizes, site.source.asset_bytes)
        stored = assets.store_assets(repository, site.files, named)
        return kept, pictures.looked_at(site.files, site.renderer.images, stored)


def _documents(
    run: Run, configuration: Configuration, todo: Plan, sizes: dict[str, int]
) -> list[Entry]:
    """Raises Refused."""
    with run.watch.stage("parse"):
        renderer, sources = run.site.renderer, todo.documents
        parsed = reading.read_documents(run.repository, renderer, configuration, sources, sizes)
        documents = list(parsed)
    if problems := refusals(configuration.types, documents):
        raise Refused(problems)
    return documents


def _of_files(wanted: Configured, todo: Plan, *, whole: bool) -> list[Problem]:
    """What is wrong with configuration files, where their rows are written anew."""
    touched = frozenset(todo.touched)
    return [each for each in wanted.problems if whole or each.path in touched]


def _since(run: Run, wanted: Configured) -> str | None:
    """The commit of the index, if the rows of what did not change since are still right."""
    before = run.writer.pointer()
    if before is None or before.renderer != run.site.renderer.id:
        return None
    if not run.repository.has_commit(before.commit_id):
        return None
    now = (wanted.configuration.text, wanted.names, wanted.others)
    if (before.configuration, before.names, before.others) == now:
        return before.commit_id
    if before.site_configuration().reading() != wanted.configuration.reading():
        return None
    return before.commit_id


def _items(run: Run, since: str | None) -> tuple[list[TreeItem], frozenset[bytes]]:
    """What is to be read, and which paths the commit of the index has not."""
    repository, commit = run.repository, run.goal.commit
    if since is None:
        return repository.tree(commit), frozenset()
    items, added = repository.difference(since, commit)
    if since == commit or not run.writer.dated_by_git():
        return items, added
    known = {item.path for item in items}
    between = _span(run, since, added)
    return items + history.added_again(repository, run.writer, between, known), added


def _span(run: Run, since: str, added: frozenset[bytes]) -> history.Span:
    return history.span(run.repository, since, run.goal.commit, added)


def _judge(
    run: Run,
    configuration: Configuration,
    todo: Plan,
    kept: list[Entry],
    *,
    whole: bool,
) -> None:
    """Raises Refused when the extensions of the new commit cannot be used. What did not change
    is not judged again."""
    before = run.writer.kept()
    if not whole and not kept and before.keys().isdisjoint(todo.touched):
        return
    files = kept_after(run.writer, todo, kept, whole=whole)
    unread = [problem for entry in kept for problem in entry.problems]
    # A policy that is left out might have been the one that forbids.
    unread += [each for each in todo.problems if f"{each.path}/".startswith(POLICIES)]
    if problems := unread + run.site.check(configuration, files):
        raise Refused(problems)


def _decided(
    run: Run, todo: Plan, entries: tuple[Entry, ...], *, whole: bool
) -> tuple[tuple[Entry, ...], Mapping[str, Shown]]:
    """What visitors may read: of what changes always, of all else where something else decides."""
    before = run.writer.pointer()
    rules = rules_in(kept_after(run.writer, todo, entries, whole=whole))
    showing = Showing(rules, run.goal.branch)
    found = tuple(showing.entries(entries))
    now = (run.goal.branch, basis(run.site.bundled))
    same = before and (before.branch, before.basis) == now
    if whole or (same and not any(source.startswith(POLICIES) for source in todo.touched)):
        return found, {}
    return found, showing.changed(run.writer, todo.touched)


def kept_after(
    writer: IndexWriter, todo: Plan, entries: Iterable[Entry], *, whole: bool
) -> dict[str, bytes]:
    """The kept files as they will be: those of the index, with what changes."""
    before = {} if whole else writer.kept()
    files = {source: content for source, (_, content) in before.items()}
    for source in todo.touched:
        files.pop(source, None)
    return files | {entry.kept.source: entry.kept.content for entry in entries if entry.kept}


def _no_documents(configuration: Configuration) -> Problem:
    if configuration.layout == "plain":
        reason = (
            "no layout is recognised: there are no Markdown files;"
            " add some, or a config.toml with the table [whispercms]"
        )
        return Problem(PATH, 0, "site.no-layout", reason)
    reason = f"there are no documents in {configuration.root or 'the repository'}; add one"
    return Problem(configuration.root or PATH, 0, "site.empty", reason)


def _counts(
    writer: IndexWriter, entries: tuple[Entry, ...], todo: Plan, *, whole: bool
) -> dict[str, int]:
    """Files as the index knows them; `parsed` counts documents that were read and parsed."""
    before = writer.blobs(None if whole else todo.touched)
    after = {
        row.source: row.blob
        for entry in entries
        for row in (entry.document, entry.asset, entry.kept)
        if row is not None
    }
    return {
        "parsed": len(todo.documents),
        "added": len(after.keys() - before.keys()),
        "changed": sum(before[s] != after[s] for s in after.keys() & before.keys()),
        "removed": len(before.keys() - after.keys()),
    }
