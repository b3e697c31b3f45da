"""Changes one file on behalf of a person: fields of a document, or back to what it was before.

Both say what they would do, and then save it as any change is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from apps.content.edit_messages import DocumentEdits
from apps.content.editing import EditError, Format, Value
from apps.content.edits.fields import Absent
from apps.content.merging.forms import form_of
from apps.content.merging.messages import FileMerges
from apps.content.merging.parts import Form
from apps.gitsync.clone.remote import target
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES, Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import files_at
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.policies import Prove
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.path_history import path_history
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.showing import difference
from apps.gitsync.writing.wording import CAUSE, shown

SAVED, UNCHANGED, WOULD = "saved", "unchanged", "would save"
FIELDS_SHOWN: Final = 3
ALONE: Final[Mapping[Form, Format]] = {
    Form.YAML: "yaml",
    Form.TOML: "toml",
    Form.JSON: "json",
}
"""Files that are all header."""
Fields = Mapping[str | tuple[str, ...], Value | Absent]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file as it is to become, made from what it is at `base`."""

    path: str
    base: str
    old: bytes | None
    new: bytes
    cause: str
    trailers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """`commit` holds the change; None when nothing was saved."""

    state: str
    path: str
    commit: str | None
    difference: str

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "path": self.path,
            "commit": self.commit,
            "difference": self.difference,
        }


def edited_document(
    source: SiteSource,
    path: str,
    fields: Fields,
    body: str | None,
    *,
    create: bool,
    edits: DocumentEdits,
) -> FileChange:
    """Raises GitFault, or EditError for what the document cannot take."""
    check_path(path)
    repository, base = Repository(source.repository), newest_seen(source)
    old = content_at(repository, source, base, path)
    if old is None and not create:
        raise GitFault("path.unknown", f"there is no file {path!r}", "Name one, or use --create")
    if old is not None and create:
        raise GitFault("path.taken", f"there is {path!r} already", "Edit it without --create")
    new = _edited(path, old or b"", fields, body, edits)
    names = [*fields, *(["body"] if body is not None else [])]
    more = f" and {len(names) - FIELDS_SHOWN} more" if len(names) > FIELDS_SHOWN else ""
    told = ", ".join(str(name)[:20] for name in names[:FIELDS_SHOWN]) + more
    cause = f"{'Create' if create else 'Edit'} {shown(path)}" + (f": {told}" if told else "")
    trailers = {CAUSE: "editdocument"}
    return FileChange(path=path, base=base, old=old, new=new, cause=cause, trailers=trailers)


def _edited(
    path: str, content: bytes, fields: Fields, body: str | None, edits: DocumentEdits
) -> bytes:
    """Raises EditError."""
    form = form_of(path)
    if fields and form in (Form.TEXT, Form.WHOLE):
        reason = "a file of this kind has no header, so there are no fields to set"
        raise EditError("edit.place", 0, reason)
    return edits.edited(content, fields, body, alone=ALONE.get(form)).content


def restored_version(source: SiteSource, path: str, commit: str) -> FileChange:
    """The file as it was at a commit, whatever it was called then and is called now. Raises
    GitFault."""
    check_path(path)
    repository, base = Repository(source.repository), newest_seen(source)
    then = repository.resolve(f"{commit}^{{commit}}")
    if then is None:
        raise GitFault("commit.unknown", f"there is no commit {commit[:80]!r}", "See history")
    now = path if files_at(repository, base, [path]) else _renamed(repository, then, base, path)
    names = [path, *(each.path for each in path_history(repository, base, now))]
    there = files_at(repository, then, list(dict.fromkeys(names)))
    name = next((name for name in names if name in there), None)
    new = content_at(repository, source, then, name) if name else None
    if new is None:
        reason = f"{path!r} is not in the commit {then[:10]}, under no name that it had"
        raise GitFault("path.unknown", reason, "See history for the commits that have it")
    return FileChange(
        path=now,
        base=base,
        old=content_at(repository, source, base, now),
        new=new,
        cause=f"Restore {shown(now)} as of {then[:10]}",
        trailers={CAUSE: "restore-version", "Restored": then},
    )


def carry_out(
    source: SiteSource,
    change: FileChange,
    *,
    author: Author,
    merges: FileMerges,
    dry_run: bool,
    prove: Prove | None = None,
) -> ChangeReport:
    """Raises GitFault; then nothing has changed."""
    told = difference(change.path, change.old, change.new)
    state, commit = (WOULD if told else UNCHANGED), None
    if told and not dry_run:
        content = {change.path: change.new}
        call = partial(
            save,
            source,
            content,
            author=author,
            cause=change.cause,
            trailers=change.trailers,
            base=Base(change.base, merges, prove),
        )
        commit = with_whole_clone(source, call)
        state = SAVED
    return ChangeReport(state=state, path=change.path, commit=commit, difference=told)


def newest_seen(source: SiteSource) -> str:
    """The commit that an author of this node sees. Raises GitFault."""
    return target(Repository(source.repository), source).commit


def content_at(repository: Repository, source: SiteSource, commit: str, path: str) -> bytes | None:
    """None where there is none. Raises GitFault for what is no file, or too large to be one."""
    item = files_at(repository, commit, [path]).get(path)
    if item is None:
        return None
    if item.mode not in FILES:
        raise GitFault("path.kind", f"{path!r} is a folder, a link or a submodule", "Name a file")
    if (size := repository.sizes([item.blob])[item.blob]) > source.asset_bytes:
        reason = f"{path} has {size} bytes; {source.asset_bytes} are the most"
        raise GitFault("commit.size", reason, "Raise asset_megabytes")
    return b"".join(content for _, content in repository.read([item.blob]))


def _renamed(repository: Repository, then: str, now: str, path: str) -> str:
    """What a file that is gone is called now, as far as Git can tell; else as before."""
    query = ("-r", "-z", "-M", "--diff-filter=R", "--name-status", then, now)
    fields = repository.plumb("diff-tree", *query).split(b"\0")[:-1]
    renames = dict(zip(fields[1::3], fields[2::3], strict=True))
    return renames.get(path.encode(), path.encode()).decode("utf-8", "surrogateescape")
