"""Logging in: what is counted, what is asked and what the audit is told. Nothing that is said
tells whether there is an account of a name.
"""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import UserCreationForm, UsernameField
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from apps.console import asking, first_run, people
from apps.console.addresses import network, peer_of
from apps.console.attempts import Attempts
from apps.console.bounds import PASSWORD_MOST
from apps.console.models import Account
from apps.policy.entities import Person

LOG_IN: Final = "log-in"
NOBODY: Final = Person("?")
"""Stands for a name of no account: it may be a password, typed into the wrong field."""
FIRST: Final = "first account"


MESSAGES: Final = {
    **AdminAuthenticationForm.error_messages,
    "invalid_login": "Name or password are not right, or the account is disabled.",
}


def knock(request: HttpRequest, name: str) -> float | None:
    """Counts an attempt; else when the next may be made, in seconds since 1970."""
    return Attempts().begin(name, network(peer_of(request)))


class LoginForm(AdminAuthenticationForm):
    """Its attempt was counted before."""

    error_messages = MESSAGES
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=PASSWORD_MOST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username", ""))
        try:
            cleaned = super().clean()
        except ValidationError:
            _refused(name)
            raise
        asking.note(Person(name), LOG_IN, Person(name), allowed=True, reason=_from(self.request))
        Attempts().forget(name)
        return dict(cleaned)


class FirstRunForm(UserCreationForm):  # type: ignore[type-arg]
    """The first account, for whoever has the code that start-up showed."""

    code = forms.CharField(
        label="Code",
        max_length=100,
        help_text="The terminal in which the console was started shows it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    field_order = ("code", "username", "password1", "password2")

    class Meta:
        model = Account
        fields = ("username",)
        field_classes: ClassVar = {"username": UsernameField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = "Name"
        self.fields["username"].help_text = "One word, such as ada. Policies and commits use it."
        self.fields["username"].widget.attrs.pop("autofocus", None)

    def clean_username(self) -> str:
        return checked_name(self.cleaned_data["username"])

    def clean_code(self) -> str:
        if not first_run.is_right(code := self.cleaned_data["code"]):
            reason = "the code of start-up was wrong or too old"
            asking.note(asking.COMMAND, people.ACTION, NOBODY, allowed=False, reason=reason)
            raise ValidationError("This is not the code, or its time is over.")
        return str(code)


def checked_name(name: str) -> str:
    try:
        people.check_name(name)
    except people.PeopleError as error:
        raise ValidationError(str(error)) from error
    return name


def _refused(name: str) -> None:
    who = Person(name) if Account.objects.filter(username=name).exists() else NOBODY
    left = Attempts().left(name)
    reason = f"name or password not right; {left} attempts left"
    asking.note(who, LOG_IN, who, allowed=False, reason=reason)


def _from(request: HttpRequest | None) -> str:
    return f"from {network(peer_of(request))}" if request is not None else ""
