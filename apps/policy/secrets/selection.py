"""Which values of a file are sealed: the rule that stands in its metadata. Pure.

Patterns are hostile, and Python's expressions can be made to run for ever: only those are known
that are names between anchors, such as `^(data|stringData)$`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.policy.secrets.faults import FORM, REMEDY, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import PATTERN_CHARACTERS
from apps.policy.secrets.tree import Path

SUFFIX: Final = "_unencrypted"
UNENCRYPTED_SUFFIX: Final = "unencrypted_suffix"
KEYS: Final = (UNENCRYPTED_SUFFIX, "encrypted_suffix", "unencrypted_regex", "encrypted_regex")
_PLAIN: Final = re.compile(r"(\^?)(?:\(([\w|-]+)\)|([\w-]+))(\$?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """`key` is the one of the metadata that says it."""

    key: str = UNENCRYPTED_SUFFIX
    pattern: str = SUFFIX

    def seals(self, path: Path) -> bool:
        """Whether the value at a path is sealed: any key on the way decides."""
        named = any(map(self._names, path))
        return named is self.key.startswith("encrypted")

    def _names(self, key: str) -> bool:
        if self.key.endswith("suffix"):
            return key.endswith(self.pattern)
        start, names, end = _parts(self.pattern)
        return any(_holds(key, name, start=start, end=end) for name in names)


DEFAULT: Final = Selection()


def decoded(values: Mapping[str, str]) -> Selection:
    """From the metadata; without any of the keys SOPS takes a suffix. Raises SecretFault."""
    given = [(key, values[key]) for key in KEYS if values.get(key)]
    if len(given) > 1:
        reason = f"has both {given[0][0]} and {given[1][0]}"
        raise SecretFault(FORM, "sops", reason, "Keep one of them")
    found = Selection(*given[0]) if given else DEFAULT
    if found.key.endswith("regex"):
        _parts(found.pattern)
    return found


def _parts(pattern: str) -> tuple[bool, list[str], bool]:
    found = _PLAIN.fullmatch(pattern) if len(pattern) <= PATTERN_CHARACTERS else None
    if found is None:
        reason = "selects by a pattern that is more than names, such as ^(data|stringData)$"
        raise SecretFault(UNSUPPORTED, "sops", reason, REMEDY.sops)
    return bool(found[1]), (found[2] or found[3]).split("|"), bool(found[4])


def _holds(key: str, name: str, *, start: bool, end: bool) -> bool:
    if start and end:
        return key == name
    if start:
        return key.startswith(name)
    return key.endswith(name) if end else name in key
