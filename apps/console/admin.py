"""The console's view of the index and of sync runs: to look at, never to change here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success

from apps.content.models import Document, Problem
from apps.gitsync.models import SyncRun

# Rows of the queue name functions to call: whoever may edit them could run anything.
for queue_model in (Failure, OrmQ, Schedule, Success):
    if admin.site.is_registered(queue_model):
        admin.site.unregister(queue_model)

admin.site.site_header = admin.site.site_title = "WhisperCMS"
admin.site.index_title = "Console"


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """The index changes by commits only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, *args: Any) -> bool:
        return admin.site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ("title", "url", "date", "visibility", "source")
    list_filter = ("kind", "visibility", "section")
    search_fields = ("title", "source", "url")
    ordering = ("-date", "source")


@admin.register(Problem)
class ProblemAdmin(ReadOnly):
    list_display = ("path", "line", "reason", "code")
    list_filter = ("code",)
    search_fields = ("path", "reason")
    ordering = ("path", "line")


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly):
    list_display = ("started", "state", "branch", "new", "reason")
    list_filter = ("state", "branch")
