"""Carries out an act on behalf of whoever is logged in: one commit, and the index follows."""

from collections.abc import Collection, Iterable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.console.authors import author_of
from apps.console.keeping import warn_if_behind
from apps.console.node import node
from apps.extensions.authorising import authorise
from apps.extensions.owning.plans import Grant, Plan
from apps.gitsync.owning import Act, Asked, Owner, done
from apps.gitsync.writing.extending import SAVED
from apps.policy.entities import Person

SHOWN: int = 10
"""Characters of a commit that people are shown."""


class NotConsented(Exception):
    """Nothing has changed; `left` is what nobody ticked."""

    def __init__(self, left: tuple[Grant, ...]) -> None:
        self.left = left
        super().__init__(", ".join(each.capability for each in left))


def carry_out(
    request: HttpRequest, asker: Person, act: Act, *, base: str, consented: Collection[str] = ()
) -> None:
    """Tells what came of it on the next page. Raises NotConsented, PolicyDenied, GitFault and
    OwnerRefused; then nothing has changed."""
    here = node()
    owner = Owner(
        author=author_of(request.user),
        ask=partial(ask_all, asker),
        agree=partial(_insist, consented),
    )
    plan, report = done(here.site(), act, owner, here.workers, commit=base)
    if report.state != SAVED or report.commit is None:
        messages.info(request, _("Nothing to do: it is so already."))
        return
    told = _("%(what)s: saved as %(commit)s, and not published yet.")
    told %= {"what": plan.cause, "commit": report.commit[:SHOWN]}
    publish = reverse("admin:publishing")
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, publish, _("Publish")))
    warn_if_behind(request, here.follow())


def ask_all(asker: Person, asked: Iterable[Asked]) -> None:
    """Raises PolicyDenied."""
    for action, resource in asked:
        authorise(asker, action, resource)


def _insist(consented: Collection[str], plan: Plan) -> None:
    if left := tuple(each for each in plan.grants if each.capability not in consented):
        raise NotConsented(left)
