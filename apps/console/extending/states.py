"""The states of breakers as Django's admin lists rows: to look at, and to let one run again."""

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.console.extending.verbs import RELEASE
from apps.console.governed import ReadOnly
from apps.console.permissions import resource_of
from apps.extensions.authorising import PolicyDenied, authorise, person
from apps.extensions.containment.breaker import CLOSED_STATE
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.models import ExtensionState


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
            authorise(person(request.user.get_username()), RELEASE, resource_of(RELEASE, row))
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
