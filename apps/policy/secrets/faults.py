"""What can be wrong with a file of secrets, or with the key to it: place and remedy, and never a
word of what is in it."""

from dataclasses import dataclass
from typing import Final

FORM: Final = "secret.form"
IDENTITY: Final = "secret.identity"
LIMIT: Final = "secret.limit"
LOCKED: Final = "secret.locked"
MISSING: Final = "secret.missing"
NAME: Final = "secret.name"
RECIPIENT: Final = "secret.recipient"
TAMPERED: Final = "secret.tampered"
UNSUPPORTED: Final = "secret.unsupported"


class SecretFault(Exception):
    """`place` is a path, with a line or the name of a value where one is known."""

    def __init__(self, code: str, place: str, reason: str, remedy: str) -> None:
        self.code, self.place, self.reason, self.remedy = code, place, reason, remedy
        super().__init__(f"{place}: {reason}. {remedy}")

    def at(self, path: str) -> "SecretFault":
        """The same of the file at `path`."""
        place = f"{path}{':' if self.place else ''}{self.place}"
        return SecretFault(self.code, place, self.reason, self.remedy)


@dataclass(frozen=True, slots=True)
class Remedies:
    """What is said in several places."""

    restore: str = "Restore the file from a commit that you trust: manage.py restore-version"
    sops: str = "Change it with the sops tool"
    shorten: str = "Split the file, or shorten it"


REMEDY: Final = Remedies()
