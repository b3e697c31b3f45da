"""The pages of all extensions and of all themes."""

from django.http import HttpRequest, HttpResponse

from apps.console import asking
from apps.console.bases import sealed
from apps.console.extending.catalogue import Catalogue, Known, catalogue
from apps.console.extending.verbs import BY_NAME
from apps.console.showing import show
from apps.extensions.containment.breaker import CLOSED_STATE
from apps.gitsync.owning import extension_of
from apps.policy.entities import Person


def extensions(request: HttpRequest, asker: Person) -> HttpResponse:
    found = catalogue()
    context = {
        "title": "",
        "commit": found.commit,
        "groups": {
            "on": [each for each in found.known if each.is_on],
            "refused": [each for each in found.known if each.standing == "refused"],
            "off": [each for each in found.known if each.standing == "disabled"],
            "available": [each for each in found.known if each.standing == "available"],
        },
        "shut": [each for each in found.known if each.shown.state != CLOSED_STATE],
        "others": found.others,
    }
    return show(request, "console/extending/list.html", context)


def themes(request: HttpRequest, asker: Person) -> HttpResponse:
    found = catalogue()
    context = {
        "title": "",
        "mounts": _mounts(found),
        "themes": [_offer(found, asker, each) for each in found.known if _may_be_chosen(each)],
    }
    return show(request, "console/extending/themes.html", context)


def _mounts(found: Catalogue) -> dict[str, Known]:
    """Which theme answers where."""
    rows = [(mount, each) for each in found.known for mount in each.mounts]
    return dict(sorted(rows, key=lambda row: row[0]))


def _offer(found: Catalogue, asker: Person, each: Known) -> tuple[Known, str, bool]:
    """With the base for a form, and whether this person may choose it."""
    resource = extension_of(each.shown.key)
    allowed = asking.decide(asker, BY_NAME["enable"].action, resource).allowed
    return each, sealed(found.commit, str(resource)), allowed


def _may_be_chosen(each: Known) -> bool:
    return each.shown.kind == "theme" and each.manifest is not None
