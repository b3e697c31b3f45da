"""Why somebody may do something or not: by the rules that are in force here."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.console.governing.forms import ExplainForm
from apps.console.pages import page
from apps.console.showing import show
from apps.extensions.authorising import standing
from apps.gitsync import policing
from apps.policy.actions import ACTIONS
from apps.policy.entities import MalformedEntity, Person
from apps.policy.explaining import explain

LOOK: Final = "change-policy"
WORDS: Final = [(each.name, each.words) for each in ACTIONS]


@page(look=LOOK, act=LOOK)
def explained(request: HttpRequest, asker: Person) -> HttpResponse:
    asked = request.GET if "action" in request.GET else None
    form = ExplainForm(asked, WORDS)
    context: dict[str, Any] = {"title": _("Why?"), "form": form}
    if form.is_valid():
        rules = standing().rules
        try:
            who = policing.named_principal(_person(form.cleaned_data["who"]), rules)
            what = policing.named_resource(form.cleaned_data["what"], {})
        except MalformedEntity as error:
            form.add_error("what", str(error))
        else:
            found = explain(rules, who, form.cleaned_data["action"], what)
            context |= {"found": found, "who": who, "what": what}
    return show(request, "console/governing/explain.html", context)


def _person(text: str) -> str:
    """A plain name is that of an account."""
    return text if "::" in text else f'Person::"{text}"'
