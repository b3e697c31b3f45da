"""Files of secrets in YAML: one meaning for each text that all tools agree on, or a reason why not.

Built from libyaml's events: its composer recurses in C, and would take the process down.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import yaml

from apps.policy.secrets.faults import FORM, LIMIT, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import DEPTH
from apps.policy.secrets.numbers import NotExact, integer, real
from apps.policy.secrets.tree import BOOL, DATE, NULL, STR, Leaf, Node, Tree

NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
BOOLEANS: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), "True"),
    **dict.fromkeys(("false", "False", "FALSE"), "False"),
}
_TAGS: Final = frozenset((None, "!"))
_WHOLE: Final = re.compile(r"-?[0-9]+")
_REAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*", re.DOTALL)
_ELSEWHERE: Final = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|\.(?:inf|Inf|INF|nan|NaN|NAN)"
    r"|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
"""What one tool or another takes for a number, once `_` is left out."""


class _Events(yaml.CSafeLoader):
    """libyaml's parser alone; no composer or constructor is ever asked."""


def read(text: str) -> Tree:
    """Raises SecretFault."""
    try:
        return _Document(text).tree()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _flaw(line, "is not YAML") from None
    except yaml.YAMLError:
        raise _flaw(1, "is not YAML: it has a character that YAML does not allow") from None


class _Document:
    """Depth is bounded, so that it may recurse."""

    def __init__(self, text: str) -> None:
        self._next: Callable[[], Any] = _Events(text).get_event

    def tree(self) -> Tree:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return {}
        first = self._next()
        value = self._value(first, 0)
        self._next()
        if not isinstance(after := self._next(), yaml.StreamEndEvent):
            raise _refused(after, "starts a second document", "Keep one document in a file")
        if not isinstance(value, dict):
            raise _flaw(_line(first), "is no mapping")
        return value

    def _value(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _refused(event, "has an anchor or an alias", "Write the value out")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if event.tag not in (*_TAGS, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            raise _refused(event, "has a tag", "Remove the tag")
        if depth >= DEPTH:
            reason = f"is nested more than {DEPTH} deep"
            raise SecretFault(LIMIT, str(_line(event)), reason, "Nest it less")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth + 1)
        return self._mapping(depth + 1)

    def _list(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth))
        return items

    def _mapping(self, depth: int) -> Tree:
        found: Tree = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            if key in found:
                raise _flaw(_line(event), "names a key for the second time")
            found[key] = self._value(self._next(), depth)
        return found

    def _key(self, event: Any) -> str:
        leaf = self._value(event, DEPTH) if isinstance(event, yaml.ScalarEvent) else None
        if leaf is None or not isinstance(leaf, Leaf) or leaf.kind != STR or leaf.text == "<<":
            raise _refused(event, "has a key that is no text", "Put the key in quotes")
        return leaf.text


def _scalar(event: Any) -> Leaf:
    text: str = event.value
    if event.tag not in (*_TAGS, "tag:yaml.org,2002:str"):
        raise _refused(event, "has a tag", "Remove the tag")
    if event.style or event.tag is not None:
        return Leaf(STR, text)
    if text in NULLS:
        return Leaf(NULL, "")
    if text in BOOLEANS:
        return Leaf(BOOL, BOOLEANS[text])
    return Leaf(DATE, text) if _DATE.fullmatch(text) else _number_or_text(event, text)


def _number_or_text(event: Any, text: str) -> Leaf:
    try:
        if _WHOLE.fullmatch(text):
            return integer(text)
        if _REAL.fullmatch(text):
            return real(text)
    except NotExact:
        pass
    if _ELSEWHERE.fullmatch(text.replace("_", "")):
        raise _refused(event, "has a number that tools read differently", "Put it in quotes")
    return Leaf(STR, text)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _flaw(line: int, reason: str) -> SecretFault:
    return SecretFault(FORM, str(line), reason, "Mend the line")


def _refused(event: Any, reason: str, remedy: str) -> SecretFault:
    return SecretFault(UNSUPPORTED, str(_line(event)), reason, remedy)


def has_comments(text: str) -> bool:
    """Of text that was read. Whatever lies between libyaml's tokens is space or a comment."""
    end = 0
    for token in yaml.scan(text, Loader=_Events):
        if "#" in text[end : token.start_mark.index]:
            return True
        end = max(end, token.end_mark.index)
    return "#" in text[end:]
