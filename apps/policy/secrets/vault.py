"""The secrets of one commit, or of one local file, by name. Files are opened when they are first
asked for, and every answer is taken from a file whose MAC held."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from apps.policy.secrets.age import Identity
from apps.policy.secrets.faults import LIMIT, MISSING, NAME, SecretFault
from apps.policy.secrets.limits import FILES
from apps.policy.secrets.names import named, path_of
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.sops import OpenFile, SealedFile, form_of, opened, parsed

T = TypeVar("T")
FOLDER = "secrets/"
FIRST = f"{FOLDER}site.sops.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """A secret without its value."""

    file: str
    name: str


class Vault:
    """`identities` is called when something has to be opened; names are known without it."""

    def __init__(
        self, files: Mapping[str, bytes], identities: Callable[[], Sequence[Identity]]
    ) -> None:
        """Paths and contents. Raises SecretFault for too many files."""
        if len(files) > FILES:
            raise SecretFault(LIMIT, FOLDER, f"has over {FILES} files", "Put them together")
        self._files, self._identities = files, identities

    @cached_property
    def sealed(self) -> Mapping[str, SealedFile]:
        """Raises SecretFault."""
        return {path: _parsed(path, self._files[path]) for path in self._paths}

    @property
    def _paths(self) -> list[str]:
        return sorted(self._files)

    def entries(self) -> tuple[Entry, ...]:
        """All secrets there are, in the order of the files. Raises SecretFault."""
        return tuple(
            Entry(path, name)
            for path, file in self.sealed.items()
            for name, _ in named(file.tree, file.metadata.selection)
        )

    def find(self, name: str) -> Entry:
        """Raises SecretFault when there is none of that name, or more than one."""
        path_of(name)
        found = [each for each in self.entries() if each.name == name]
        if not found:
            where = ", ".join(self._paths) or FOLDER
            reason = f"there is no secret {name!r}"
            raise SecretFault(MISSING, where, reason, f"Run: manage.py secrets set {name}")
        if len(found) > 1:
            files = " and ".join(each.file for each in found)
            raise SecretFault(NAME, files, f"both have a secret {name!r}", "Remove one of them")
        return found[0]

    def value(self, entry: Entry) -> Secret:
        """Raises SecretFault."""
        file = self.opened(entry.file)
        values = dict(named(file.tree, file.file.metadata.selection))
        return Secret(values[entry.name].text)

    def opened(self, path: str) -> OpenFile:
        """Raises SecretFault."""
        sealed = self.sealed[path]
        return _at(path, lambda: opened(sealed, self._identities()))


def _parsed(path: str, content: bytes) -> SealedFile:
    return _at(path, lambda: parsed(form_of(path), content))


def _at(path: str, act: Callable[[], T]) -> T:
    try:
        return act()
    except SecretFault as fault:
        raise fault.at(path) from None
