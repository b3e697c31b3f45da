"""Environments: names for the branches of the site repository that are served. Pure."""

import re
from collections.abc import Mapping

from apps.gitsync.errors import GitFault
from apps.gitsync.source import ENVIRONMENT, checked_branch

Branches = tuple[tuple[str, str], ...]
"""(name, branch) of each environment; an empty branch is the default one."""
DEFAULT: Branches = (("preview", "preview"), ("admin", "admin"), ("main", ""))
MOST = 20


def decoded(value: object) -> Branches:
    """A table of name → branch, or `name=branch` with commas between. Raises ValueError."""
    if isinstance(value, str):
        parts = [part.strip() for part in value.split(",") if part.strip()]
        pairs = [(n.strip(), b.strip()) for n, _, b in (part.partition("=") for part in parts)]
    elif isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
        pairs = [(str(name), str(branch).strip()) for name, branch in value.items()]
    else:
        raise ValueError("is not a table of names and branches")
    return _checked(pairs)


def resolved(
    branches: Branches | None, wanted: str | None, branch: str | None
) -> tuple[dict[str, str | None], str]:
    """The branch of each environment, None for the remote's default, and the one to serve: the
    `wanted`, else the one of `branch`. Raises ValueError when neither names one."""
    found: dict[str, str | None] = {n: b or None for n, b in branches or DEFAULT}
    default = next((name for name, each in found.items() if each is None), None)
    if branch:
        own = next((name for name, each in found.items() if each == branch), None)
        if own is None and default is not None:
            found[default] = branch
        default = own or default
    if wanted is not None and wanted not in found:
        raise ValueError(f"there is no environment {wanted!r}, only {', '.join(sorted(found))}")
    if wanted is None and default is None:
        raise ValueError("none of the environments has the branch that is to be served")
    return found, wanted or str(default)


def _checked(pairs: list[tuple[str, str]]) -> Branches:
    names, branches = [name for name, _ in pairs], [branch for _, branch in pairs]
    if not pairs or len(pairs) > MOST:
        raise ValueError(f"has {len(pairs)} environments, not 1 to {MOST}")
    if len(set(names)) < len(names) or len(set(branches)) < len(branches):
        raise ValueError("has a name or a branch twice")
    for name, branch in pairs:
        if not re.fullmatch(ENVIRONMENT, name):
            raise ValueError(f"{name!r} is no name: letters a to z, digits and hyphens, 32 at most")
        try:
            checked_branch(branch or "main")
        except GitFault as error:
            raise ValueError(f"{error.reason}") from error
    return tuple(pairs)
