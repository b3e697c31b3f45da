"""Files of secrets in JSON: read strictly, and written as the sops tool writes them."""

import json
from collections.abc import Mapping
from typing import Any

from apps.policy.secrets.faults import FORM, LIMIT, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import DEPTH
from apps.policy.secrets.numbers import NotExact, real
from apps.policy.secrets.tree import BOOL, FLOAT, INT, NOTHING, STR, Leaf, Node, Tree


class _Twice(ValueError):
    """A key stands twice in one object."""


def read(text: str) -> Tree:
    """Raises SecretFault."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_int=real, parse_float=real, parse_constant=real
        )
    except RecursionError:
        raise _too_deep() from None
    except NotExact:
        reason = "has a number that tools read differently"
        raise SecretFault(UNSUPPORTED, "", reason, "Put it in quotes") from None
    except _Twice:
        raise SecretFault(FORM, "", "names a key for the second time", "Remove one") from None
    except json.JSONDecodeError as error:
        raise SecretFault(FORM, str(error.lineno), "is not JSON", "Mend the line") from None
    if not isinstance(value, dict):
        raise SecretFault(FORM, "1", "is no object", "Mend the line")
    return {key: _node(inner, 1) for key, inner in value.items()}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found


def _node(value: Any, depth: int) -> Node:
    if depth > DEPTH:
        raise _too_deep()
    if isinstance(value, dict):
        return {key: _node(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_node(inner, depth + 1) for inner in value]
    if isinstance(value, Leaf):
        return value
    if isinstance(value, str):
        return Leaf(STR, value)
    return NOTHING if value is None else Leaf(BOOL, str(value))


def _too_deep() -> SecretFault:
    return SecretFault(LIMIT, "", f"is nested more than {DEPTH} deep", "Nest it less")


def written(tree: Mapping[str, Any]) -> str:
    return json.dumps(_plain(tree), indent="\t", ensure_ascii=False) + "\n"


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, Leaf):
        return node
    if node.kind == BOOL:
        return node.text == "True"
    if node.kind in (INT, FLOAT):
        return json.loads(node.text)
    return None if node is NOTHING or node == NOTHING else node.text
