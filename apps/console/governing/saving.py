"""Saves policies as one commit, once they are proven."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.authors import author_of
from apps.console.keeping import Wish, keep, warn_if_behind
from apps.console.node import node
from apps.extensions.authority import policy_problems
from apps.gitsync.errors import GitFault
from apps.gitsync.writing.changes import Changes, check_path
from apps.policy.entities import Person
from apps.policy.places import FOLDER

COMMIT = 10
"""Characters of one that people are shown."""


def insist_policy(path: str) -> None:
    """These pages show and write nothing else of a repository. Raises GitFault."""
    check_path(path)
    if not path.startswith(FOLDER):
        raise GitFault("path.role", f"{path[:200]} is no policy", f"Policies are in {FOLDER}")


def saved(
    request: HttpRequest, asker: Person, changed: Changes, *, base: str, cause: str
) -> HttpResponseRedirect:
    """Raises PolicyDenied and GitFault; then nothing has changed."""
    for path in changed:
        insist_policy(path)
    here = node()
    wish = Wish(
        files=changed,
        cause=cause,
        base=base,
        merges=here.scribe(),
        prove=partial(policy_problems, workers=here.workers),
    )
    kept = keep(here, asker, author_of(request.user), wish)
    is_behind = bool(kept.followed.reason)
    told = _("Saved: {commit}") if is_behind else _("Saved, and in force here: {commit}")
    messages.success(request, told.format(commit=kept.commit[:COMMIT]))
    warn_if_behind(request, kept.followed)
    return HttpResponseRedirect(reverse("admin:policies"))
