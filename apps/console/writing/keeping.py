"""A change that a person made in the console becomes one commit, and what this node serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from apps.console.node import ConsoleNode
from apps.content.problems import Problem
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.local import storage
from apps.gitsync.permitting import permit
from apps.gitsync.report import REFUSED
from apps.gitsync.writing.changes import Changes
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.wording import CAUSE
from apps.policy.entities import Person

CONFLICT = "merge.conflict"
CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`base` is the commit that its author saw. `cause` is the message, `trailers` what is added to
    it."""

    files: Changes
    cause: str
    base: str
    trailers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """`commit` holds the change, whatever comes of it here. `reason` says why it is not served
    yet."""

    commit: str
    problems: tuple[Problem, ...] = ()
    reason: str = ""


def keep(node: ConsoleNode, asker: Person, author: Author, wish: Wish) -> Kept:
    """Raises PolicyDenied, or GitFault, with CONFLICT where somebody changed one of the files since
    the base; then nothing has changed."""
    source = node.site().source
    permit(asker, wish.files, node.renderer)
    call = partial(
        save,
        source,
        wish.files,
        author=author,
        cause=wish.cause,
        trailers={CAUSE: CONSOLE, **wish.trailers},
        base=Base(wish.base),
    )
    with storage():
        commit = with_whole_clone(source, call)
    return _followed(node, commit)


def _followed(node: ConsoleNode, commit: str) -> Kept:
    """The commit stays, whatever this node makes of it."""
    try:
        report = node.follow()
    except GitFault as error:
        return Kept(commit, reason=str(error))
    reason = report.reason() if report.state == REFUSED else ""
    return Kept(commit, tuple(report.problems), reason)
