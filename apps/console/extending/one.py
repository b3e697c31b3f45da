"""The page of one extension: what it is, may do, has done, and what can be done with it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.console import asking
from apps.console.bases import sealed
from apps.console.extending.bounds import ACTS, VERSIONS
from apps.console.extending.catalogue import Known, catalogue
from apps.console.extending.figures import events, figures
from apps.console.extending.verbs import CONFIGURE, RELEASE, VERBS
from apps.console.extending.wording import capability_words
from apps.console.node import node
from apps.console.showing import show
from apps.extensions.containment.breaker import CLOSED_STATE
from apps.extensions.finding import Kind, find
from apps.gitsync.git.repository import Repository
from apps.gitsync.owning import extension_of
from apps.gitsync.resources import kept_files
from apps.gitsync.writing.extension_versions import acts, numbers, versions
from apps.policy.entities import Extension, Person


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: int


def extension(request: HttpRequest, asker: Person, *, kind: Kind, name: str) -> HttpResponse:
    known = catalogue()
    found = known.find(kind, name)
    if found is None:
        raise Http404
    resource = extension_of(f"{kind}:{name}")
    context = {
        "title": found.title,
        "known": found,
        "may": capability_words(found.shown.grants),
        "withheld": capability_words(found.withheld),
        "files": _files(kind, name),
        "figures": figures(node().live, kind, name),
        "events": events(resource),
        "is_shut": found.shown.state != CLOSED_STATE,
        "base": sealed(known.commit, str(resource)),
        "rights": rights(asker, resource),
        "pin": _pin(found),
        **_history(known.commit, kind, name),
    }
    return show(request, "console/extending/one.html", context)


def rights(asker: Person, resource: Extension) -> dict[str, bool]:
    """By the name of each verb, and of what is no verb."""
    actions = {each.name: each.action for each in VERBS}
    actions |= {"configure": CONFIGURE, "release": RELEASE}
    answers = {a: asking.decide(asker, a, resource).allowed for a in set(actions.values())}
    return {name: answers[action] for name, action in actions.items()}


def _files(kind: Kind, name: str) -> list[File]:
    found = find(kind, name, kept_files(), settings.BUNDLED_EXTENSIONS)
    return [File(n, len(each)) for n, each in sorted(found.files.items())] if found else []


def _pin(found: Known) -> dict[str, Any]:
    if not found.is_own:
        return {"state": "bundled", "words": _("It comes with WhisperCMS, as it was released.")}
    if found.entry is None or found.entry.digest is None:
        return {"state": "none", "words": _("Nobody has accepted its files yet.")}
    if found.entry.digest != found.shown.digest:
        return {"state": "other", "words": _("Its files are not those that were accepted.")}
    return {"state": "same", "words": _("Its files are those that were accepted.")}


def _history(commit: str, kind: Kind, name: str) -> dict[str, Any]:
    """Who did what, and which versions there were. Empty where nothing is served yet."""
    repository = Repository(node().site().source.repository)
    if not commit or not repository.exists():
        return {"acts": [], "versions": []}
    found = versions(repository, commit, kind, name, limit=VERSIONS)
    called = numbers(repository, [each.commit for each in found], kind, name)
    return {
        "acts": acts(repository, commit, kind, name, limit=ACTS),
        "versions": [(each, called.get(each.commit, "")) for each in found],
    }
