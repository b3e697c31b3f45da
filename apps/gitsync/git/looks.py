"""All refs that a sync asks for, as they were at one moment: one question to Git."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.gitsync.git.repository import Repository

SEEN: Final = ("refs/remotes/origin/", "refs/heads/", "refs/whispercms/")
FORMAT: Final = "%(objectname) %(refname) %(symref)"


@dataclass(frozen=True, slots=True)
class Look:
    """`objects` and `targets` by ref; a symbolic ref to nothing is not among them."""

    objects: Mapping[str, str]
    targets: Mapping[str, str]

    def below(self, *prefixes: str) -> dict[str, str]:
        """ref → object, of all below the prefixes, which end with a slash."""
        return {ref: name for ref, name in self.objects.items() if ref.startswith(prefixes)}


def look(repository: Repository) -> Look:
    """Raises GitFault."""
    said = repository.run("for-each-ref", f"--format={FORMAT}", *SEEN)
    rows = [line.split(" ") for line in said.decode("utf-8", "replace").splitlines()]
    return Look({ref: name for name, ref, _ in rows}, {ref: to for _, ref, to in rows if to})
