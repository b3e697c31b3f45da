"""How a setting names a secret instead of holding it. Pure."""

from dataclasses import dataclass
from typing import Final

from apps.policy.secrets.names import path_of

SITE: Final = "secret:"
"""One of the site repository's, which is there once it is cloned."""
LOCAL: Final = "local:"
"""One of this node's own file."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`kind` is SITE or LOCAL."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}{self.name}"


def reference(text: str) -> Reference | None:
    """None for a value that stands for itself. Raises SecretFault for a name of nothing."""
    for kind in (SITE, LOCAL):
        if text.startswith(kind):
            name = text[len(kind) :].strip()
            path_of(name)
            return Reference(kind, name)
    return None
