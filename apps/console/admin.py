"""The console's view of the index and of sync runs: to look at, never to change here."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success

from apps.console.governed import Governed
from apps.console.models import Account
from apps.console.people_admin import AccountAdmin
from apps.console.permissions import resource_of
from apps.content.models import Document, Problem
from apps.extensions.authorising import PolicyDenied, authorise, person
from apps.extensions.containment.breaker import CLOSED_STATE
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.models import ExtensionState
from apps.gitsync.models import SyncRun
from apps.policy.models import AuditEvent

# Rows of the queue name functions to call: whoever may edit them could run anything. Roles are in
# Git and rights are policy's, so that groups and flags here would say what is not so.
for unwanted in (Failure, OrmQ, Schedule, Success, Group, User):
    if admin.site.is_registered(unwanted):
        admin.site.unregister(unwanted)

admin.site.register(Account, AccountAdmin)

ENABLE = "enable-extension"


class ReadOnly(Governed):
    """The index changes by commits only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Nothing is looked up for whom it would not be shown to."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().get_object(request, *args, **options)


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


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "principal", "action", "resource", "decision", "times", "reason")
    list_filter = ("decision", "action")
    search_fields = ("principal", "resource", "reason", "request_id")


@admin.register(ExtensionState)
class ExtensionStateAdmin(ReadOnly):
    """Read-only but for one thing: a person may let an extension run again."""

    list_display = ("key", "state", "reason", "changed_at", "enabled_by")
    list_filter = ("state",)
    search_fields = ("key", "reason")
    actions = ("enable_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExtensionState]:
        return super().get_queryset(request).filter(site=settings.SITE_KEY)

    def has_enable_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "change", None)

    def _may_enable(self, request: HttpRequest, row: ExtensionState) -> bool:
        """Of one of the rows: policy may tell them apart."""
        try:
            authorise(person(request.user.get_username()), ENABLE, resource_of(ENABLE, row))
        except PolicyDenied as error:
            self.message_user(request, error.reason, messages.ERROR)
            return False
        return True

    @admin.action(description="Enable again", permissions=["enable"])
    def enable_again(self, request: HttpRequest, rows: QuerySet[ExtensionState]) -> None:
        store = DatabaseStore(settings.SITE_KEY)
        for key in [row.key for row in rows if self._may_enable(request, row)]:
            before = store.enable(key, f"user:{request.user.get_username()}")
            if before.state == CLOSED_STATE:
                self.message_user(request, f"Nothing to do: {key} is not left out", messages.INFO)
            else:
                told = f"Enabled {key}, which was {before.state}"
                self.message_user(request, told, messages.SUCCESS)
