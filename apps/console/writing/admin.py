"""Documents in Django's admin: its names and addresses, over the index and Git."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path

from apps.console.governed import Governed
from apps.console.node import node
from apps.console.writing import (
    bulk_pages,
    catalogue,
    delete_pages,
    edit_pages,
    history_pages,
    list_pages,
    move_pages,
    new_pages,
)
from apps.console.writing.bounds import LIST_PAGE
from apps.console.writing.filters import FILTERS
from apps.content.models import Document

COLUMNS = (
    *("source", "url", "kind", "section", "title", "date", "updated", "visibility"),
    *("type", "publish", "expires"),
)


class DocumentAdmin(Governed):
    """The list is Django's; what it lists is written by pages of our own, as a commit each."""

    show_full_result_count = False
    list_per_page = LIST_PAGE
    list_max_show_all = LIST_PAGE
    list_display = ("title", "section", "date")
    list_filter = FILTERS
    search_fields = ("title", "source", "url")
    ordering = ("-date", "source")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).only(*COLUMNS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """By title and place, and what the site's own search finds best in the text."""
        named, _ = super().get_search_results(request, queryset, search_term)
        found = catalogue.searched(node(), search_term) if search_term.strip() else ()
        return (named | queryset.filter(source__in=found)) if found else named, False

    def get_object(self, request: HttpRequest, object_id: str, *args: Any) -> Document | None:
        found: Document | None = Document.objects.filter(source=object_id).first()
        return found

    def get_urls(self) -> list[URLPattern]:
        """One page each; numbers of rows are not told, as they change."""
        view = self.admin_site.admin_view
        name = "content_document"
        one = "<path:object_id>"
        return [
            path("", view(list_pages.listed(self)), name=f"{name}_changelist"),
            path("add/", view(new_pages.add), name=f"{name}_add"),
            path("bulk/", view(bulk_pages.bulk), name=f"{name}_bulk"),
            path("deleted/", view(history_pages.deleted), name=f"{name}_deleted"),
            path(f"{one}/history/", view(history_pages.history), name=f"{name}_history"),
            path(f"{one}/compare/", view(history_pages.compare), name=f"{name}_compare"),
            path(f"{one}/restore/", view(history_pages.restore), name=f"{name}_restore"),
            path(f"{one}/move/", view(move_pages.move), name=f"{name}_move"),
            path(f"{one}/delete/", view(delete_pages.delete), name=f"{name}_delete"),
            path(f"{one}/change/", view(edit_pages.change), name=f"{name}_change"),
        ]
