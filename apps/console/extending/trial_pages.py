"""What a rehearsal came to: which pages would change, and each of them before and after, framed so
that nothing of it can do anything."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin

from apps.console.diffs import file_diff
from apps.console.extending import trials
from apps.console.extending.bounds import SHOWN_PAGES
from apps.console.extending.trials import SIDES, Trial
from apps.console.framing import TRIED, dressed
from apps.console.showing import show
from apps.delivery.assets import content_type
from apps.delivery.trying.differences import text_of
from apps.policy.entities import Person

HTML: Final = "text/html"
PLAIN: Final = "text/plain; charset=utf-8"


def trial_page(request: HttpRequest, asker: Person, *, trial: str) -> HttpResponse:
    found = _found(request, trial)
    changes = found.found.changes
    context = {
        "title": found.title,
        "trial": found,
        "changes": [(n, each, each.url in found.pages) for n, each in enumerate(changes)][
            :SHOWN_PAGES
        ],
        "more": max(0, len(changes) - SHOWN_PAGES),
        "failures": found.found.failures[:SHOWN_PAGES],
    }
    return show(request, "console/extending/trial.html", context)


def changed_page(request: HttpRequest, asker: Person, *, trial: str, number: int) -> HttpResponse:
    found = _found(request, trial)
    changes = found.found.changes
    if number >= len(changes) or changes[number].url not in found.pages:
        raise Http404
    change = changes[number]
    texts = [text_of(each.reply).encode() for each in found.pages[change.url]]
    context = {
        "title": change.url,
        "trial": found,
        "change": change,
        "number": number,
        "before": number - 1,
        "after": number + 1 if number + 1 < len(changes) else None,
        "diff": file_diff(change.url, *texts),
    }
    return show(request, "console/extending/changed_page.html", context)


@xframe_options_sameorigin
def framed(
    request: HttpRequest, asker: Person, *, trial: str, number: int, side: str
) -> HttpResponse:
    found = _found(request, trial)
    changes = found.found.changes
    if number >= len(changes) or changes[number].url not in found.pages:
        raise Http404
    reply = found.pages[changes[number].url][SIDES.index(side)].reply
    assert isinstance(reply.body, bytes)
    kind = reply.header("content-type") or PLAIN
    is_page = kind.partition(";")[0].strip() == HTML
    body = _with_own_assets(reply.body, found) if is_page else reply.body
    answer = HttpResponse(body, content_type=kind if is_page else PLAIN)
    return dressed(answer, TRIED, framed_only=True)


def asset(request: HttpRequest, asker: Person, *, trial: str, path: str) -> HttpResponse:
    """Of a theme that no visitor is sent yet."""
    found = _found(request, trial).assets.get(f"/-/themes/{path}")
    if found is None:
        raise Http404
    name, content = found
    answer = HttpResponse(content, content_type=content_type(name))
    return dressed(answer, TRIED, framed_only=True)


def _with_own_assets(body: bytes, trial: Trial) -> bytes:
    """The server does not know them yet, but the trial does."""
    for url in trial.assets:
        own = reverse("admin:extension_asset", args=[trial.id, url.removeprefix("/-/themes/")])
        body = body.replace(str(escape(url)).encode(), own.encode())
    return body


def _found(request: HttpRequest, trial_id: str) -> Trial:
    found = trials.find(request.user.get_username(), trial_id)
    if found is None:
        raise Http404
    return found
