"""Who may log in, and what they may do: Django asks here, and here Cedar is asked.

Neither the superuser's flag nor Django's tables of permissions open anything.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest

from apps.console import asking
from apps.console.models import Account
from apps.console.permissions import ACTIONS, of_app, resource_of


class PolicyBackend(BaseBackend):
    """Only active staff log in."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        """Takes the same time for every name, so that nobody learns which of them exist."""
        if username is None or password is None:
            return None
        account = Account.objects.filter(username=username).first()
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and _may_log_in(account) else None

    def get_user(self, user_id: Any) -> Account | None:
        """Asked at every request: an account that was disabled is nobody at once."""
        account = Account.objects.filter(pk=user_id).first()
        return account if account and _may_log_in(account) else None

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Any = None
    ) -> bool:
        action = ACTIONS.get(perm)
        if action is None or not _may_log_in(user_obj):
            return False
        who = asking.person(user_obj.get_username())
        return asking.decide(who, action, resource_of(action, obj)).allowed

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Whether there is anything of the app to be seen."""
        return any(self.has_perm(user_obj, name) for name in of_app(app_label))


def _may_log_in(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(user.is_active and getattr(user, "is_staff", False))
