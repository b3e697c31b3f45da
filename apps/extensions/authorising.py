"""The one door: whoever is about to do something that policy has a say in asks here first.

By the rules of the commit that this node serves. Default deny; the audit holds the answer before
anything is done.
"""

import sqlite3
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import structlog
from django.conf import settings
from django.db import Error
from structlog.contextvars import get_contextvars

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.extensions.authority import closed_rules, rules_in
from apps.policy.actions import BY_NAME
from apps.policy.audit import ALLOW, DENY, Entry, record
from apps.policy.decisions import Decision, denied
from apps.policy.entities import Person, Principal, Resource, System
from apps.policy.rules import Rules

log = structlog.get_logger("whispercms.policy")

COMMAND: Final = System("command")
"""Whoever has the machine's shell."""
SYNC: Final = System("sync")
TASK: Final = System("task")
EXPLAIN: Final = "See manage.py policy explain for what would change that"


class PolicyDenied(Exception):
    """Nothing was done."""

    code: Final = "policy.denied"

    def __init__(
        self, principal: Principal, action: str, resource: Resource, decision: Decision
    ) -> None:
        self.principal, self.action, self.resource = principal, action, resource
        self.decision = decision
        self.reason = f"{principal} may not {action} {resource}: {decision.reason}"
        super().__init__(f"{self.reason}. {EXPLAIN}")


@dataclass(frozen=True, slots=True)
class Standing:
    """`commit` is empty where nothing was indexed yet; then no person may do anything."""

    rules: Rules
    commit: str


def authorise(principal: Principal, action: str, resource: Resource) -> None:
    """Raises PolicyDenied. What is sensitive is audited whatever comes out, all else when it is
    denied. Whoever has the shell could do it anyway, so an audit that fails does not stop them."""
    now = standing()
    decision = now.rules.decide(principal, action, resource)
    known = BY_NAME.get(action)
    if known is None or known.sensitive or not decision.allowed:
        try:
            _note(principal, action, resource, decision, now.commit)
        except Error as error:
            log.error("not audited", action=action, reason=str(error))
            if principal != COMMAND:
                decision = denied(f"the audit cannot be written ({error})")
    if not decision.allowed:
        log.warning("denied", principal=str(principal), action=action, reason=decision.reason)
        raise PolicyDenied(principal, action, resource, decision)


def standing() -> Standing:
    """By which rules it is decided now. An index that cannot be read leaves no person any right,
    and neither do policies that this version cannot use; the shell is the way back."""
    files: ContentFiles = settings.SITE_FILES
    try:
        commit = _commit(files)
        if not commit:
            return Standing(closed_rules(), "")
        rules = _rules(files, commit)
    except sqlite3.Error as error:
        log.error("the policies cannot be read", reason=str(error))
        return Standing(closed_rules(), "")
    return Standing(closed_rules() if rules.flaws else rules, commit)


def person(name: str) -> Person:
    """With the roles that the site gives them."""
    return standing().rules.person(name)


def _note(
    principal: Principal, action: str, resource: Resource, decision: Decision, commit: str
) -> None:
    entry = Entry(
        site=settings.SITE_KEY,
        principal=str(principal),
        action=action,
        resource=str(resource),
        decision=ALLOW if decision.allowed else DENY,
        at=time.time(),
        reason=decision.reason,
        request_id=str(get_contextvars().get("request_id", "")),
        commit=commit,
    )
    record(entry)


def _commit(files: ContentFiles) -> str:
    pointer = _index(files).pointer() if files.index.exists() else None
    return pointer.commit_id if pointer else ""


@lru_cache(maxsize=4)
def _index(files: ContentFiles) -> Index:
    return Index(files)


@lru_cache(maxsize=4)
def _rules(files: ContentFiles, commit: str) -> Rules:
    """Raises sqlite3.Error when a sync comes between: what is kept is of this very commit."""
    kept = _index(files).kept()
    if _commit(files) != commit:
        raise sqlite3.OperationalError("a sync came between; try again")
    return rules_in(kept)
