"""What is wrong with a site's policies, named with its place for whoever wrote it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.policy.limits import FLAW_CHARACTERS


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """`line` is 1-based, 0 where a line says nothing. `remedy` says what to do about it."""

    path: str
    line: int
    code: str
    reason: str
    remedy: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        path = plain(self.path)
        place = f"{path}:{self.line}" if self.line else path
        return f"{place}: {self.reason} [{self.code}]"


REMEDIES: Mapping[str, str] = {
    "policy.too-large": "Write less, or split it",
    "policy.too-deep": "Split the policy, or name things in a set: [..].contains(..)",
    "policy.encoding": "Save the file as UTF-8",
    "policy.place": "Put policies into policies/*.cedar and tests into policies/tests/*.toml",
    "policy.syntax": "Write it as permit (principal, action, resource) when { .. };",
    "policy.id": "Give each policy an @id of its own, of letters, digits and -",
    "policy.schema": "Compare with manage.py policyschema",
    "policy.name": "Use a name that there is",
    "policy.roles": 'Write policies/roles.toml as [roles] and lines of name = ["person"]',
    "policy.test": "Write each test as [[case]] with principal, action, resource and expect",
    "policy.test-failed": "Change the policies, or what the test expects",
    "policy.unproven": "Simplify the policies; nothing of them was taken over",
}
"""Code -> what to do about it, in general."""


def flaw(path: str, code: str, reason: str, line: int = 0) -> Flaw:
    """`reason` may quote what is hostile: it is cut, and shown in what can be printed."""
    return Flaw(path, line, code, plain(reason), REMEDIES[code])


def plain(text: str) -> str:
    """One line for people and logs, cut."""
    cut = text[:FLAW_CHARACTERS]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
