"""Saves policies as one commit, once they are proven."""

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest

from apps.console import asking
from apps.console.authors import author_of
from apps.console.node import node
from apps.extensions.authority import policy_problems
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.errors import GitFault
from apps.gitsync.local import storage
from apps.gitsync.permitting import permit
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.wording import CAUSE
from apps.policy.sources import FOLDER


def insist_policy(path: str) -> None:
    """These pages show and write nothing else of a repository. Raises GitFault."""
    check_path(path)
    if not path.startswith(FOLDER):
        raise GitFault("path.role", f"{path[:200]} is no policy", f"Policies are in {FOLDER}")


def keep(
    request: HttpRequest, changed: Mapping[str, bytes | None], *, base: str, cause: str
) -> str:
    """The commit, which is served here from now on. Raises PolicyDenied and GitFault; then nothing
    has changed."""
    here = node()
    for path in changed:
        insist_policy(path)
    permit(asking.person(request.user.get_username()), changed, here.renderer)
    prove = partial(policy_problems, workers=here.workers)
    call = partial(
        save,
        here.site().source,
        changed,
        author=author_of(request.user),
        cause=cause,
        trailers={CAUSE: "console"},
        base=Base(base, here.scribe(), prove),
    )
    with storage():
        commit = with_whole_clone(here.site().source, call)
    here.follow()
    return commit
