"""What a file of secrets holds: mappings and lists over leaves, in order. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from apps.policy.secrets.faults import LIMIT, NAME, REMEDY, SecretFault
from apps.policy.secrets.limits import DEPTH, VALUES

STR, INT, FLOAT, BOOL, NULL, DATE = "str", "int", "float", "bool", "null", "date"
METADATA: Final = "sops"


@dataclass(frozen=True, slots=True)
class Leaf:
    """`text` is the value as SOPS hashes it: decimal numbers, `True`, `False`. It may be a secret,
    so it is not in the representation."""

    kind: str
    text: str = field(repr=False)
    line: int = field(default=0, compare=False)


Node = Leaf | dict[str, "Node"] | list["Node"]
Tree = dict[str, Node]
Path = tuple[str, ...]
"""Keys from the outside in; items of a list have the path of their list, as SOPS has it."""

NOTHING: Final = Leaf(NULL, "")


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """In the order of the file. Raises SecretFault for what is too deep or too much."""
    for count, found in enumerate(_leaves(node, path, 0)):
        if count >= VALUES:
            raise SecretFault(LIMIT, "", f"has over {VALUES} values", REMEDY.shorten)
        yield found


def _leaves(node: Node, path: Path, depth: int) -> Iterator[tuple[Path, Leaf]]:
    if depth > DEPTH:
        reason = f"is nested more than {DEPTH} deep"
        raise SecretFault(LIMIT, ".".join(path), reason, "Nest it less")
    if isinstance(node, Leaf):
        yield path, node
    elif isinstance(node, list):
        for item in node:
            yield from _leaves(item, path, depth + 1)
    else:
        for key, value in node.items():
            yield from _leaves(value, (*path, key), depth + 1)


def replaced(node: Node, following: Iterator[Leaf]) -> Node:
    """The same shape with other leaves, taken in order."""
    if isinstance(node, Leaf):
        return next(following)
    if isinstance(node, list):
        return [replaced(item, following) for item in node]
    return {key: replaced(value, following) for key, value in node.items()}


def at(tree: Tree, path: Path) -> Node | None:
    """None where there is nothing."""
    node: Node | None = tree
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def with_leaf(tree: Tree, path: Path, leaf: Leaf) -> Tree:
    """New keys come last. Raises SecretFault where a value would take a mapping's place."""
    inner = tree.get(path[0])
    if len(path) == 1:
        if isinstance(inner, dict | list):
            reason = "is not one value but several"
            raise SecretFault(NAME, path[0], reason, "Choose another name")
        return {**tree, path[0]: leaf}
    if inner is not None and not isinstance(inner, dict):
        reason = "is a value, so nothing can be below it"
        raise SecretFault(NAME, path[0], reason, "Choose another name")
    return {**tree, path[0]: with_leaf(inner or {}, path[1:], leaf)}


def without(tree: Tree, path: Path) -> Tree:
    """Mappings that become empty go as well."""
    inner = tree.get(path[0])
    rest = {key: value for key, value in tree.items() if key != path[0]}
    if len(path) == 1 or not isinstance(inner, dict):
        return rest
    less = without(inner, path[1:])
    return {k: (less if k == path[0] else v) for k, v in tree.items()} if less else rest
