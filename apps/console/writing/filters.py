"""By what the list of documents can be narrowed: questions to the index by its own columns."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.console.node import node
from apps.console.writing import recent
from apps.console.writing.bounds import SUGGESTED
from apps.console.writing.opened import now_text
from apps.console.writing.states import State
from apps.console.writing.telling import STATES
from apps.content.entries import DRAFT, PRIVATE
from apps.content.models import Document, Term

Rows = QuerySet[Document]
Lookups = Iterable[tuple[str, Any]]
WAITING = "waiting"


def in_state(state: str, now: str) -> Q:
    """As `states.state_of` has it."""
    hidden = Q(visibility__in=(DRAFT, PRIVATE))
    over, ahead = Q(expires__lte=now), Q(publish__gt=now)
    found = {
        State.DRAFT: Q(visibility=DRAFT),
        State.PRIVATE: Q(visibility=PRIVATE),
        State.EXPIRED: ~hidden & over,
        State.SCHEDULED: ~hidden & ~over & ahead,
        State.PUBLISHED: ~hidden & ~over & ~ahead,
    }
    return found[State(state)]


class StateFilter(SimpleListFilter):
    title, parameter_name = _("Status"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Lookups:
        return [(str(each), words) for each, words in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        said = self.value()
        known = said in {str(each) for each in State}
        return queryset.filter(in_state(said or "", now_text())) if known else queryset


class PublishedFilter(SimpleListFilter):
    title, parameter_name = _("Publication"), "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Lookups:
        return [(WAITING, _("Not published yet"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() != WAITING:
            return queryset
        waiting = recent.look(node()).waiting
        return queryset.filter(source__in=list(waiting))


class SectionFilter(SimpleListFilter):
    title, parameter_name = _("Section"), "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Lookups:
        return _values("section")

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        said = self.value()
        return queryset.filter(section=said) if said is not None else queryset


class TypeFilter(SimpleListFilter):
    title, parameter_name = _("Type"), "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Lookups:
        return [each for each in _values("type") if each[0]]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        said = self.value()
        return queryset.filter(type=said) if said is not None else queryset


class TermFilter(SimpleListFilter):
    """`taxonomy:slug`."""

    title, parameter_name = _("Term"), "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Lookups:
        rows = Term.objects.values_list("taxonomy", "slug", "name").order_by("taxonomy", "slug")
        found = {f"{taxonomy}:{slug}": name for taxonomy, slug, name in rows.distinct()[:SUGGESTED]}
        return list(found.items())

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        taxonomy, _colon, slug = (self.value() or "").partition(":")
        if not slug:
            return queryset
        named = Term.objects.filter(taxonomy=taxonomy, slug=slug)
        return queryset.filter(source__in=named.values("source"))


def _values(column: str) -> list[tuple[str, Any]]:
    rows = Document.objects.order_by(column).values_list(column, flat=True).distinct()[:SUGGESTED]
    return [(each, each or _("(top)")) for each in rows]


FILTERS = (StateFilter, SectionFilter, TypeFilter, TermFilter, PublishedFilter)
