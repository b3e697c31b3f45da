"""Names of secrets: keys from the outside in, with dots between. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from apps.policy.secrets.faults import NAME, SecretFault
from apps.policy.secrets.limits import NAME_CHARACTERS
from apps.policy.secrets.selection import Selection
from apps.policy.secrets.tree import METADATA, NULL, Leaf, Path, Tree

_PART: Final = r"[A-Za-z][A-Za-z0-9_-]*"
_NAME: Final = re.compile(rf"{_PART}(?:\.{_PART})*", re.ASCII)


def path_of(name: str) -> Path:
    """Raises SecretFault."""
    path = tuple(name.split("."))
    if len(name) > NAME_CHARACTERS or not _NAME.fullmatch(name) or path[0] == METADATA:
        reason = f"{name[:NAME_CHARACTERS]!r} cannot be the name of a secret"
        remedy = "Use letters, digits, - and _, with dots between levels, such as mail.password"
        raise SecretFault(NAME, "", reason, remedy)
    return path


def named(tree: Tree, selection: Selection) -> Iterator[tuple[str, Leaf]]:
    """The secrets of a file: sealed single values that are not nothing. Values in lists have no
    name, and those in plain form are no secrets."""
    for path, leaf in _single(tree, ()):
        name = ".".join(path)
        if _NAME.fullmatch(name) and selection.seals(path) and leaf.kind != NULL and leaf.text:
            yield name, leaf


def _single(tree: Tree, path: Path) -> Iterator[tuple[Path, Leaf]]:
    for key, node in tree.items():
        if isinstance(node, Leaf) and "." not in key:
            yield (*path, key), node
        elif isinstance(node, dict):
            yield from _single(node, (*path, key))
