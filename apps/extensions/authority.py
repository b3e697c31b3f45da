"""The rules of a commit: its own policies, with the actions that extensions may ask for.

Made from the kept files of a commit by whoever judges it, serves it, or is asked by its rules.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from apps.content.problems import Problem
from apps.extensions.capabilities import cedar_schema, find
from apps.extensions.finding import BUNDLED, ExtensionFiles, digest_of
from apps.policy.places import FOLDER
from apps.runtime.faults import WorkerFault
from apps.runtime.workers import Workers

# What decides is dear to load, and whoever only serves asks it nothing.
if TYPE_CHECKING:
    from apps.policy.flaws import Flaw
    from apps.policy.rules import Rules

_CLOSED: Final = f"{FOLDER}none.cedar"
_KEPT: Final = 8
"""So many commits' rules: the served one's, the new one's, those of other environments."""


def rules_in(kept: Mapping[str, bytes]) -> "Rules":
    """`kept` are all kept files of a commit, or those below `policies/`."""
    return _rules(tuple((path, kept[path]) for path in sorted(kept) if path.startswith(FOLDER)))


def allowed(rules: "Rules", extension: ExtensionFiles, granted: frozenset[str]) -> frozenset[str]:
    """What is left of what the lock grants where the site's policies have a say as well."""
    from apps.policy.entities import Capability, Extension

    who = Extension(extension.kind, extension.id, extension.origin == BUNDLED)
    found = {name: row.action for name in granted if (row := find(name)) is not None}
    return frozenset(
        name
        for name, action in found.items()
        if rules.decide(who, action, Capability(name, who.key, granted=True)).allowed
    )


def closed_rules() -> "Rules":
    """Where no commit says anything: the machine's shell and the system, and no person."""
    return _rules(((_CLOSED, b""),))


@lru_cache(maxsize=_KEPT)
def basis(extensions: Path) -> str:
    """Changes with whatever decides beside a commit's own files: the bundled policies, and the
    bundled extensions in this folder."""
    from apps.policy import bundled

    texts = [
        str(bundled.base()),
        *(f"{p}{c!r}" for p, c in bundled.sample(bundled.DEFAULT).items()),
        digest_of(extensions),
    ]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def policy_problems(kept: Mapping[str, bytes], workers: Workers) -> list[Problem]:
    """Why the policies of a commit cannot hold, by a confined worker: syntax, schema, tests."""
    own = {path: content for path, content in kept.items() if path.startswith(FOLDER)}
    if not own:
        return []
    from apps.policy.validating import validate

    try:
        return list(map(problem_of, validate(own, workers, cedar_schema())))
    except WorkerFault as fault:
        return [Problem(FOLDER, 0, "policy.unproven", f"they could not be checked: {fault}")]


def problem_of(flaw: "Flaw") -> Problem:
    return Problem(flaw.path, flaw.line, flaw.code, f"{flaw.reason}. {flaw.remedy}")


@lru_cache(maxsize=_KEPT)
def _rules(files: tuple[tuple[str, bytes], ...]) -> "Rules":
    from apps.policy.rules import rules_of

    return rules_of(dict(files), cedar_schema())
