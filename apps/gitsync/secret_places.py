"""Which secret and which file of secrets is meant, and what policy is to be asked of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from apps.policy import entities as resources
from apps.policy.secrets.faults import MISSING, NAME, SecretFault
from apps.policy.secrets.sops import form_of
from apps.policy.secrets.vault import FIRST, FOLDER, Entry, Vault

READ, CHANGE = "read-secret", "change-secret"
Asked = tuple[str, resources.Resource]
WHOLE: Final = "*"
"""The name that stands for all of a file."""


@dataclass(frozen=True, slots=True)
class Places:
    """`local` is the file of this node's own, where the secrets are those of it."""

    files: Mapping[str, bytes] = field(repr=False)
    vault: Vault = field(repr=False)
    local: Path | None = None

    def asked(self, action: str, name: str) -> list[Asked]:
        """What policy is to be asked before a secret is read or changed. Raises SecretFault."""
        return [(action, resource(self.vault.find(name)))]

    def asked_to_set(self, name: str, file: str | None) -> list[Asked]:
        """Raises SecretFault."""
        return [(CHANGE, resource(self.of(name, file)))]

    def asked_of_files(self, file: str | None, *actions: str) -> list[Asked]:
        """What is done to a file is done to all that is in it. Raises SecretFault."""
        files = self.named(file)
        inside = [each for each in self.vault.entries() if each.file in files]
        entries = [*(Entry(path, WHOLE) for path in files), *inside]
        return [(action, resource(entry)) for entry in entries for action in actions]

    def of(self, name: str, file: str | None) -> Entry:
        """Where a secret is, else where it is to be. Raises SecretFault."""
        found = [each for each in self.vault.entries() if each.name == name]
        if file is None and len(found) == 1:
            return found[0]
        if file is None and not found and len(self.files) > 1:
            files = ", ".join(sorted(self.files))
            raise SecretFault(NAME, files, "one of them has to be chosen", "Add --file PATH")
        if any(each.file != file for each in found):
            where = ", ".join(each.file for each in found)
            raise SecretFault(NAME, where, f"has a secret {name!r} already", "Set it there")
        return Entry(self.named(file)[0], name)

    def named(self, file: str | None) -> list[str]:
        """The one that is named, else all. Raises SecretFault."""
        if not self.files:
            reason = "the site has no file of secrets"
            raise SecretFault(MISSING, FOLDER, reason, "Run: manage.py secrets init")
        if file is not None and file not in self.files:
            raise SecretFault(MISSING, file, "there is no such file", "See manage.py secrets list")
        return sorted(self.files) if file is None else [file]

    def first(self, file: str | None) -> str:
        """The path of a file that is to be made. Raises SecretFault."""
        path = str(self.local) if self.local else file or FIRST
        if not (self.local or path.startswith(FOLDER)):
            raise SecretFault(NAME, path, "is not below secrets/", f"Name one such as {FIRST}")
        form_of(path)
        return path


def resource(entry: Entry) -> resources.Secret:
    """A secret as policy knows it."""
    return resources.Secret(entry.file, entry.name)
