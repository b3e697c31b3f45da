"""The page before an act: what it changes, what it lets the extension do, and the button."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console import asking
from apps.console.bases import sealed
from apps.console.diffs import FileDiff, file_diff
from apps.console.extending import trying
from apps.console.extending.choices import Choice, act_of, chosen
from apps.console.extending.doing import NotConsented, carry_out
from apps.console.extending.verbs import INSTALL
from apps.console.extending.wording import Granted, capability_words, granted_words, news_words
from apps.console.job_pages import begin
from apps.console.node import node
from apps.console.showing import show
from apps.extensions import lock
from apps.extensions.authorising import authorise
from apps.extensions.finding import Kind, find
from apps.extensions.owning.granting import declared
from apps.extensions.owning.owned import OwnerRefused
from apps.gitsync.owning import Act, Look, asks_of, extension_of, look
from apps.policy.entities import Person, Resource

TEMPLATE = "console/extending/review.html"
CONFLICT, UNFINISHED = 409, 400
NO_THEME = "theme.none"
"""The problem of a site whose front page nothing answers."""


def about(request: HttpRequest, kind: Kind, name: str, **named: Any) -> Resource:
    return extension_of(f"{kind}:{name}")


def review(
    request: HttpRequest, asker: Person, *, verb: str, kind: Kind, name: str, base: str = ""
) -> HttpResponseBase:
    choice = chosen(verb, kind, name, request.POST if base else request.GET)
    decision = asking.decide(asker, choice.verb.action, extension_of(choice.key))
    if not decision.allowed:
        return show(request, TEMPLATE, {**_about(choice), "denied": [decision.reason]})
    here = node()
    try:
        if choice.verb.name == "upgrade" and not choice.has("upload"):
            return _to_upload(choice)
        site = here.site()
        act = act_of(choice, request.user.get_username(), site.source, here.workers)
        if not base:
            return _page(request, asker, choice, look(site, act, here.workers))
        if "try" in request.POST:
            wanted = _trying(request, choice, act, base)
            return begin(request, wanted.title, wanted)
        return _done(request, asker, choice, act, base)
    except OwnerRefused as error:
        return _refused(request, choice, error)


def _done(
    request: HttpRequest, asker: Person, choice: Choice, act: Act, base: str
) -> HttpResponseBase:
    if choice.has("enabling"):
        authorise(asker, "enable-extension", extension_of(choice.key))
    try:
        consented = request.POST.getlist("grant")
        carry_out(request, asker, act, base=base, consented=consented)
    except NotConsented as error:
        here = node()
        found = look(here.site(), act, here.workers, base)
        return _page(request, asker, choice, found, missing=error)
    gone = choice.verb.action == INSTALL and choice.verb.is_final
    where = reverse("admin:extensions") if gone else _own_page(choice)
    return HttpResponseRedirect(where)


def _page(
    request: HttpRequest,
    asker: Person,
    choice: Choice,
    found: Look,
    missing: NotConsented | None = None,
) -> HttpResponseBase:
    resource = extension_of(choice.key)
    asked = asks_of(found.plan)
    if choice.has("enabling"):
        asked.append(("enable-extension", resource))
    answers = [(each, asking.decide(asker, *each)) for each in asked]
    context = {
        **_about(choice),
        "base": sealed(found.seen.commit, str(resource)),
        "commit": found.seen.commit,
        "diffs": diffs(found),
        "grants": granted_words(found.plan.grants),
        "may": _may(choice, found),
        "news": news_words(found.plan.news),
        "problems": found.problems,
        "missing": {each.capability for each in missing.left} if missing else (),
        "denied": [decision.reason for _, decision in answers if not decision.allowed],
        "is_same": not found.after.changes,
    }
    return show(request, TEMPLATE, context, status=UNFINISHED if missing else 200)


def _may(choice: Choice, found: Look) -> list[Granted]:
    """All that it would be let do, but for what is asked about on the page; of what runs then."""
    if choice.verb.name in ("disable", "uninstall", "move"):
        return []
    files = find(choice.kind, choice.name, found.after.files, settings.BUNDLED_EXTENSIONS)
    if files is None:
        return []
    pins = lock.read_lock(found.after.files.get(lock.PATH))
    held, _refused = lock.granted(pins, files, declared(files))
    return capability_words(held - {each.capability for each in found.plan.grants})


def diffs(found: Look) -> list[FileDiff]:
    before = found.seen.owned.files
    changes = sorted(found.after.changes.items())
    return [file_diff(path, before.get(path), new) for path, new in changes]


def _refused(request: HttpRequest, choice: Choice, error: OwnerRefused) -> HttpResponseBase:
    needs_theme = any(each.code == NO_THEME for each in error.problems)
    context = {**_about(choice), "refused": error, "needs_theme": needs_theme}
    return show(request, TEMPLATE, context, status=CONFLICT)


def _about(choice: Choice) -> dict[str, Any]:
    return {
        "title": choice.verb.title % {"name": choice.name},
        "choice": choice,
        "name": choice.name,
        "verb": choice.verb,
        "own_page": _own_page(choice),
    }


def _trying(request: HttpRequest, choice: Choice, act: Act, base: str) -> trying.Trying:
    return trying.Trying(
        act=act,
        title=_("Trying: %(title)s") % {"title": choice.verb.title % {"name": choice.name}},
        back=f"{_address(choice)}?{urlencode(choice.given)}",
        owner=request.user.get_username(),
        commit=base,
        is_look="few" in request.POST,
    )


def _to_upload(choice: Choice) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:extension_add"))


def _own_page(choice: Choice) -> str:
    return reverse("admin:extension", args=[choice.kind, choice.name])


def _address(choice: Choice) -> str:
    return reverse(f"admin:extension_{choice.verb.name}", args=[choice.kind, choice.name])
