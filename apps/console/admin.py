"""The console's view of the index and of sync runs: to look at, never to change here."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django_q.models import Failure, OrmQ, Schedule, Success

from apps.console.extending.states import ExtensionStateAdmin
from apps.console.governed import ReadOnly
from apps.console.models import Account
from apps.console.people_admin import AccountAdmin
from apps.console.writing.admin import DocumentAdmin
from apps.content.models import Document, Problem
from apps.extensions.models import ExtensionState
from apps.gitsync.models import SyncRun
from apps.policy.models import AuditEvent

# Rows of the queue name functions to call: whoever may edit them could run anything. Roles are in
# Git and rights are policy's, so that groups and flags here would say what is not so.
for unwanted in (Failure, OrmQ, Schedule, Success, Group, User):
    if admin.site.is_registered(unwanted):
        admin.site.unregister(unwanted)

admin.site.register(Account, AccountAdmin)
admin.site.register(Document, DocumentAdmin)
admin.site.register(ExtensionState, ExtensionStateAdmin)


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
