"""What an owner does with a site's extensions, as one commit: the newest commit is read, the change
tried with everything in it, and saved if nothing new is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from apps.content.configuration import (
    PATH,
    TABLE,
    Configuration,
    ConfigurationError,
    read_configuration,
)
from apps.content.edit_messages import DocumentEdits
from apps.content.editing import EditError
from apps.content.layouts import Role, role
from apps.content.problems import Problem, display_path
from apps.extensions.limits import OWN_FILES
from apps.extensions.lock import PATH as LOCK
from apps.extensions.owning.owned import Owned, OwnerRefused, refused
from apps.extensions.owning.plans import Plan
from apps.extensions.owning.relocking import relocked
from apps.gitsync.clone.remote import target
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.output import tree_items
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing import reading
from apps.gitsync.syncing.plan import plan as sorted_by_role
from apps.gitsync.syncing.update import LocalSite
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.showing import difference
from apps.gitsync.writing.wording import CAUSE, DIGEST

SAVED, UNCHANGED, WOULD = "saved", "unchanged", "would save"
COMMAND: Final = "extension"
EXTENSION: Final = "Extension"
READ: Final = (PATH, LOCK, "themes", "plugins", "policies")
SOURCE: Final = "Source"


@dataclass(frozen=True, slots=True)
class Seen:
    """The site as the owner saw it; `names` are the entries of its top folder."""

    commit: str
    names: frozenset[str]
    owned: Owned


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerReport:
    """`problems` were there before, and still are. `commit` is None when nothing was saved."""

    state: str
    of: tuple[str, ...]
    commit: str | None
    difference: str
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "extensions": list(self.of),
            "commit": self.commit,
            "difference": self.difference,
            "problems": [each.as_json() for each in self.problems],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """The site after a change: what differs, and all that decides what its extensions are."""

    changes: Mapping[str, bytes | None]
    configuration: Configuration
    files: Mapping[str, bytes]


def newest_owned(source: SiteSource, bundled: Path) -> Seen:
    """Raises GitFault, and OwnerRefused for a configuration that cannot be read."""
    return owned_at(source, bundled, target(_clone(source), source).commit)


def owned_at(source: SiteSource, bundled: Path, commit: str) -> Seen:
    """As `newest_owned`, of a commit that somebody has looked at."""
    repository = _clone(source)
    names = frozenset(display_path(item.path) for item in repository.top(commit))
    listed = repository.plumb("ls-tree", "-r", "-z", "--full-tree", commit, "--", *READ)
    items = tree_items(listed)
    if len(items) > OWN_FILES:
        reason = f"its extensions and policies have over {OWN_FILES} files"
        raise GitFault("commit.size", reason, "Remove what does not belong to them")
    own = replace(read_configuration(None, names), own=True)
    todo = sorted_by_role(own, items)
    sizes = repository.sizes(sorted({file.blob for file in todo.kept}))
    entries = reading.read_kept(repository, todo.kept, sizes)
    files = {each.kept.source: each.kept.content for each in entries if each.kept}
    configuration = _configuration(files.get(PATH), names)
    return Seen(commit, names, Owned(configuration=configuration, files=files, bundled=bundled))


def carry_out(
    site: LocalSite,
    seen: Seen,
    plan: Plan,
    *,
    author: Author,
    edits: DocumentEdits,
    dry_run: bool,
) -> OwnerReport:
    """Raises GitFault, and OwnerRefused with all reasons; then nothing has changed. A file that
    somebody changed meanwhile is a conflict, as what was looked at is not there any more."""
    before, after = seen.owned.files, would_be(seen, plan, edits)
    changes = after.changes
    told = "".join(difference(path, before.get(path), new) for path, new in sorted(changes.items()))
    problems = tried(site, seen, after)
    report = OwnerReport(
        state=WOULD if changes else UNCHANGED,
        of=plan.of,
        commit=None,
        difference=told,
        problems=tuple(problems),
    )
    if dry_run or not changes:
        return report
    call = partial(
        save,
        site.source,
        changes,
        author=author,
        cause=plan.cause,
        trailers=_trailers(plan),
        base=Base(seen.commit),
    )
    return replace(report, state=SAVED, commit=with_whole_clone(site.source, call))


def _edited(owned: Owned, plan: Plan, edits: DocumentEdits) -> Mapping[str, bytes]:
    if not plan.lists:
        return {}
    fields = {(TABLE, f"{kind}s"): rows for kind, rows in plan.lists.items()}
    try:
        made = edits.edited(_with_table(owned), fields, alone="toml")  # type: ignore[arg-type]
    except EditError as error:
        raise refused([Problem(PATH, error.line, error.code, error.reason)]) from error
    return {PATH: made.content}


def _with_table(owned: Owned) -> bytes:
    """A site of another kind stays of its kind, though it has a table of ours from now on."""
    content = owned.files.get(PATH, b"")
    if owned.configuration.own:
        return content
    gap = b"" if not content else b"\n" if content.endswith(b"\n") else b"\n\n"
    layout = f'[{TABLE}]\nlayout = "{owned.configuration.layout}"\n'
    return content + gap + layout.encode()


def would_be(seen: Seen, plan: Plan, edits: DocumentEdits) -> WouldBe:
    """Raises OwnerRefused."""
    before = seen.owned.files
    changes = {**plan.files, **_edited(seen.owned, plan, edits)}
    if pins := changes.get(LOCK):
        changes[LOCK] = relocked(before.get(LOCK), pins, edits)
    changes = {path: new for path, new in changes.items() if before.get(path) != new}
    after = {path: each for path, each in before.items() if path not in changes}
    after |= {path: each for path, each in changes.items() if each is not None}
    tops = {path.partition("/")[0] for path in after}
    configuration = _configuration(after.get(PATH), seen.names | tops)
    return WouldBe(changes=changes, configuration=configuration, files=_kept(configuration, after))


def _clone(source: SiteSource) -> Repository:
    repository = Repository(source.repository)
    if not repository.exists():
        raise NodeFault("git.none", "this node has no clone yet", "Run `manage.py syncrepo`")
    return repository


def tried(site: LocalSite, seen: Seen, after: WouldBe) -> list[Problem]:
    """What is wrong with the site as it would be, and was before. Raises OwnerRefused for what
    was not. Starts all of its extensions once."""
    found = site.check(after.configuration, after.files)
    if not found:
        return []
    old = seen.owned.configuration
    known = {_what(each) for each in site.check(old, _kept(old, seen.owned.files))}
    if new := [each for each in found if _what(each) not in known]:
        raise refused(new)
    return found


def _kept(configuration: Configuration, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: each for path, each in files.items() if role(configuration, path) is Role.KEPT}


def _what(problem: Problem) -> tuple[str, str, str]:
    """Lines move when something above them changes."""
    return problem.path, problem.code, problem.reason


def _configuration(content: bytes | None, names: Iterable[str]) -> Configuration:
    try:
        text = None if content is None else content.decode("utf-8-sig")
        return read_configuration(text, frozenset(names))
    except ConfigurationError as error:
        raise refused(list(error.problems)) from error
    except UnicodeDecodeError as error:
        raise OwnerRefused("defects", f"{PATH} is not UTF-8; save it as UTF-8") from error


def _trailers(plan: Plan) -> dict[str, str]:
    found = {CAUSE: COMMAND}
    if len(plan.of) == 1:
        found |= {EXTENSION: plan.of[0]}
    found |= {DIGEST: plan.digest} if plan.digest else {}
    return found | ({SOURCE: plan.source} if plan.source else {})
