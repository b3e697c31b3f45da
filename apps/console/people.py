"""Accounts are given, changed and taken away here, by command or in the console: policy is asked,
the audit is told, and a change and its record are one transaction.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.console import asking
from apps.console.attempts import Attempts
from apps.console.bounds import NAME_CHARACTERS
from apps.console.models import Account
from apps.console.permissions import ALL
from apps.console.sessions import end_all
from apps.policy.entities import Person, Principal

ACTION: Final = "manage-people"
_NAME: Final = re.compile(rf"[A-Za-z0-9_.+@-]{{1,{NAME_CHARACTERS}}}")


class PeopleError(Exception):
    """Says what is wrong, and what to do."""


class NotAllowed(PeopleError):
    """By policy."""


class UnknownPerson(PeopleError):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no account {name!r}; see manage.py people list")


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    active: bool
    last_login: datetime | None

    def as_json(self) -> dict[str, object]:
        last = self.last_login.isoformat(timespec="seconds") if self.last_login else None
        return {"name": self.name, "active": self.active, "last_login": last}


def everybody(asker: Principal, *, by: str = "") -> tuple[Listed, ...]:
    """`by`, here as elsewhere: who that is, where `asker` does not say; for the audit."""
    with _allowed(asker, ALL, f"people listed{by}"):
        rows = list(Account.objects.order_by("username"))
    return tuple(Listed(each.username, _is_active(each), each.last_login) for each in rows)


def add(asker: Principal, name: str, password: str, *, by: str = "") -> None:
    account = Account(username=name)
    check_name(name)
    check_password(password, account)
    account.set_password(password)
    add_prepared(asker, account, by=by)


def add_prepared(asker: Principal, account: Account, *, first: bool = False, by: str = "") -> None:
    """One whose name and password were judged. With `first`, only while there is none at all."""
    with _allowed(asker, account.username, f"account added{by}"):
        if first and Account.objects.exists():
            raise PeopleError("somebody was first: there is an account already; log in with it")
        if Account.objects.filter(username__iexact=account.username).exists():
            raise PeopleError(f"the name {account.username!r} is taken; choose another")
        account.is_staff, account.is_active, account.is_superuser = True, True, False
        account.save()


def set_active(asker: Principal, name: str, *, active: bool, by: str = "") -> bool:
    """Whether that changed anything. Being disabled ends every session at once; either way nobody
    has to wait any longer before the next attempt to log in."""
    with _allowed(asker, name, f"account {'enabled' if active else 'disabled'}{by}"):
        account = _found(name)
        changed = _is_active(account) != active
        account.is_active, account.is_staff = active, True
        account.save(update_fields=("is_active", "is_staff"))
        end_all(account)
        Attempts().forget_all()
    return changed


def set_password(asker: Principal, name: str, password: str, *, by: str = "") -> None:
    """Ends every session of the account."""
    with _allowed(asker, name, f"password set{by}"):
        account = _found(name)
        check_password(password, account)
        account.set_password(password)
        account.save(update_fields=("password",))
        _end(account)


def password_was_set(asker: Principal, account: Account) -> None:
    """By the console's own form, in the transaction of the caller, who asked."""
    reason = "password set in the console"
    asking.note(asker, ACTION, Person(account.username), allowed=True, reason=reason)
    Attempts().forget(account.username)


def insist_known(name: str) -> None:
    """Before a password is asked for. Raises UnknownPerson."""
    _found(name)


def check_name(name: str) -> None:
    """Raises PeopleError. Policies and signatures name people, so names must not look alike."""
    if not _NAME.fullmatch(name):
        allowed = f"1 to {NAME_CHARACTERS} of a-z, A-Z, 0-9 and _ . + @ -"
        raise PeopleError(f"{name[:NAME_CHARACTERS]!r} is no name for an account: use {allowed}")


def check_password(password: str, account: Account) -> None:
    """Raises PeopleError."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PeopleError(" ".join(error.messages)) from error


@contextmanager
def _allowed(asker: Principal, name: str, what: str) -> Iterator[None]:
    """A transaction that the audit is told of, and that begins by asking. Raises NotAllowed."""
    resource = Person(name)
    decision = asking.decide(asker, ACTION, resource)
    if not decision.allowed:
        asking.note(asker, ACTION, resource, allowed=False, reason=decision.reason)
        raise NotAllowed(f"{asker} may not {ACTION} {resource}: {decision.reason}")
    with transaction.atomic():
        reason = f"{what}: {decision.reason}"
        asking.note(asker, ACTION, resource, allowed=True, reason=reason)
        yield


def _found(name: str) -> Account:
    account = Account.objects.filter(username=name).first()
    if account is None:
        raise UnknownPerson(name)
    return account


def _end(account: Account) -> None:
    """Its sessions, and what was counted against it."""
    end_all(account)
    Attempts().forget(account.username)


def _is_active(account: Account) -> bool:
    return account.is_active and account.is_staff
