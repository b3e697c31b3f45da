"""Texts of policies as named ones: each is `<file>:<its @id>` wherever a decision names it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from apps.policy import cedar
from apps.policy.cedar import PolicyJson, UnreadablePolicy
from apps.policy.flaws import Flaw, flaw
from apps.policy.limits import ID_CHARACTERS, POLICIES
from apps.policy.splitting import PolicyText

_ID: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{ID_CHARACTERS - 1}}}")


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """`json` is the policy in Cedar's JSON form, not to be changed."""

    name: str
    path: str
    line: int
    text: str
    json: PolicyJson

    @property
    def permits(self) -> bool:
        return bool(self.json["effect"] == "permit")


def named(
    files: Iterable[tuple[str, Sequence[PolicyText]]],
) -> tuple[tuple[NamedPolicy, ...], tuple[Flaw, ...]]:
    """In the order of files and texts."""
    policies: dict[str, NamedPolicy] = {}
    flaws = []
    for path, texts in files:
        for found in _each(path, texts):
            if isinstance(found, Flaw):
                flaws.append(found)
            elif found.name in policies:
                said = f"line {policies[found.name].line} has the same @id"
                flaws.append(flaw(path, "policy.id", said, found.line))
            else:
                policies[found.name] = found
    if len(policies) > POLICIES:
        flaws.append(flaw(path, "policy.too-large", f"there are over {POLICIES} policies"))
    return tuple(policies.values()), tuple(flaws)


def _each(path: str, texts: Sequence[PolicyText]) -> Iterator[NamedPolicy | Flaw]:
    for each in texts:
        try:
            found = _parsed(each.text)
        except UnreadablePolicy as error:
            yield flaw(path, "policy.syntax", str(error), each.line)
            continue
        if len(found) != 1:
            yield flaw(path, "policy.syntax", "this is not one policy", each.line)
            continue
        id = str(found[0].get("annotations", {}).get("id", ""))
        if not _ID.fullmatch(id):
            yield flaw(path, "policy.id", f"the @id {id[:ID_CHARACTERS]!r} is none", each.line)
            continue
        yield NamedPolicy(f"{path}:{id}", path, each.line, each.text, found[0])


@lru_cache(maxsize=2 * POLICIES)
def _parsed(text: str) -> tuple[PolicyJson, ...]:
    """Most policies of a commit are those of the one before."""
    return cedar.parsed(text)
