"""What people are shown of a site's extensions: what they are, may do, and whether they are left
out. Starts none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.extensions.capabilities import find
from apps.extensions.containment.breaker import CLOSED_STATE, OPEN, QUARANTINED
from apps.extensions.containment.containment import Status
from apps.extensions.settling import Ready

WORST_FIRST = (QUARANTINED, OPEN, CLOSED_STATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`may` ends the sentence "This extension may …". `shut` are the statuses of its breakers that
    are not closed; a theme has one for each template."""

    kind: str
    id: str
    version: str
    origin: str
    may: tuple[str, ...]
    shut: Mapping[str, Status]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def state(self) -> str:
        """The worst of its breakers."""
        states = {status.state for status in self.shut.values()}
        return next((each for each in WORST_FIRST if each in states), CLOSED_STATE)

    def as_json(self) -> dict[str, Any]:
        names = ("kind", "id", "version", "origin", "state")
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        shut = {key: status.as_json() for key, status in self.shut.items()}
        return {**values, "may": list(self.may), "breakers": shut}


def inventory(extensions: Iterable[Ready], shut: Mapping[str, Status]) -> tuple[Listed, ...]:
    """Each once, however many mounts it has."""
    listed = (_listed(ready, shut) for ready in extensions)
    return tuple({each.key: each for each in listed}.values())


def covers(name: str, key: str) -> bool:
    """Whether `name` stands for the breaker `key`: a theme's stands for all its templates."""
    return key == name or key.startswith(f"{name}/")


def _listed(ready: Ready, shut: Mapping[str, Status]) -> Listed:
    found = (find(name) for name in sorted(ready.granted))
    key = f"{ready.files.kind}:{ready.files.id}"
    return Listed(
        kind=ready.files.kind,
        id=ready.files.id,
        version=str(ready.manifest.version),
        origin=ready.files.origin,
        may=tuple(capability.words for capability in found if capability),
        shut={each: status for each, status in sorted(shut.items()) if covers(key, each)},
    )
