"""A change that a person made in the console becomes one commit, and what this node serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.console.node import ConsoleNode, Followed
from apps.content.merging.messages import FileMerges
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.git.commits import Author
from apps.gitsync.local import storage
from apps.gitsync.permitting import permit
from apps.gitsync.trust.policies import Prove
from apps.gitsync.writing.changes import Changes
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.wording import CAUSE
from apps.policy.entities import Person

CONFLICT = "merge.conflict"
CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`base` is the commit that its author saw, `cause` the message, `trailers` what is added to
    it. `merges` and `prove` are as those of `Base`."""

    files: Changes
    cause: str
    base: str
    trailers: Mapping[str, str] = field(default_factory=dict)
    merges: FileMerges | None = None
    prove: Prove | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """`commit` holds the change, whatever comes of it here."""

    commit: str
    followed: Followed


def keep(node: ConsoleNode, asker: Person, author: Author, wish: Wish) -> Kept:
    """Raises PolicyDenied, or GitFault, with CONFLICT where somebody changed one of the files since
    the base and nobody merges; then nothing has changed."""
    source = node.site().source
    permit(asker, wish.files, node.renderer)
    call = partial(
        save,
        source,
        wish.files,
        author=author,
        cause=wish.cause,
        trailers={CAUSE: CONSOLE, **wish.trailers},
        base=Base(wish.base, wish.merges, wish.prove),
    )
    with storage():
        commit = with_whole_clone(source, call)
    return Kept(commit, node.follow())


def warn_if_behind(request: HttpRequest, followed: Followed) -> bool:
    """Whether it is so: that the change is kept is told beside it."""
    if followed.reason:
        reason = _("This server still serves the version before: %(reason)s")
        messages.warning(request, reason % {"reason": followed.reason})
    return bool(followed.reason)
