"""The console's page of accounts. Each change asks policy and is told to the audit by `people`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.console import asking, people
from apps.console.governed import Governed
from apps.console.login import checked_name
from apps.console.models import Account
from apps.console.permissions import ALL
from apps.policy.entities import Person


class AddForm(UserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = Account
        fields = ("username",)

    def clean_username(self) -> str:
        return checked_name(self.cleaned_data["username"])


class ChangeForm(UserChangeForm):  # type: ignore[type-arg]
    is_active = forms.BooleanField(
        label="May log in", required=False, help_text="Without it every session ends at once."
    )

    class Meta:
        model = Account
        fields = ("is_active",)


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """There is no other way to log in than by password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("usable_password", None)
        for each in self.fields.values():
            each.required = True


class AccountAdmin(Governed, UserAdmin):  # type: ignore[type-arg]
    """Accounts are disabled, never deleted: the audit names them."""

    form, add_form, change_password_form = ChangeForm, AddForm, PasswordForm
    add_form_template = None
    list_display = ("username", "is_active", "roles", "last_login", "date_joined")
    list_filter = ("is_active",)
    search_fields = ("username",)
    filter_horizontal = ()
    readonly_fields = ("username", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)

    @admin.display(description="Roles")
    def roles(self, row: Account) -> str:
        """As the site's policies give them; they are changed there."""
        return ", ".join(asking.person(row.username).roles) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def add_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        self._insist(request, None)
        return super().add_view(request, *args, **options)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **options: Any
    ) -> HttpResponse:
        self._insist(request, self.get_object(request, object_id))
        return super().change_view(request, object_id, *args, **options)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        account = self.get_object(request, id)
        self._insist(request, account)
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            if account and isinstance(answer, HttpResponseRedirect):
                people.password_was_set(_asker(request), account)
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            people.add_prepared(_asker(request), obj)
        elif "is_active" in form.changed_data:
            people.set_active(_asker(request), obj.username, active=obj.is_active)

    def _insist(self, request: HttpRequest, row: Account | None) -> None:
        """Before the admin's own transaction, which would take the record back with it."""
        if request.method == "POST" and not self.has_change_permission(request, row):
            asker, resource = _asker(request), Person(row.username if row else ALL)
            reason = asking.decide(asker, people.ACTION, resource).reason
            asking.note(asker, people.ACTION, resource, allowed=False, reason=reason)
            raise PermissionDenied


def _asker(request: HttpRequest) -> Person:
    return asking.person(request.user.get_username())
