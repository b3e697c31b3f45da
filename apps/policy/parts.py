"""A policy taken apart: which parts of it hold for one question. Each part is asked by itself."""

import re
from collections.abc import Mapping
from typing import Any, Final

from apps.policy import cedar
from apps.policy.policies import NamedPolicy
from apps.policy.questions import Question

_ALL: Final = {"op": "All"}
_OPEN: Final[Mapping[str, Any]] = {
    "effect": "permit",
    **{"principal": _ALL, "action": _ALL, "resource": _ALL},
}
_NAME: Final = "part"
_TOO_LONG: Final = "a condition that is too long to be shown"
_BRACKETED: Final = re.compile(r"(?<!\w)\((\w+(?:\.\w+)+)\)")
"""As the engine writes attributes: more than a person would."""


def failing(policy: NamedPolicy, asked: Question) -> tuple[str, ...]:
    """The parts that do not hold, as they are written; with the error, where they have one."""
    scope = [_scope(name, policy.json[name]) for name in ("principal", "resource")]
    parts = [(text, _permit(text)) for text in scope if text is not None]
    parts += [_condition(condition) for condition in policy.json["conditions"]]
    return tuple(filter(None, (_failure(text, part, asked) for text, part in parts)))


def _failure(text: str, part: str, asked: Question) -> str | None:
    if not part:
        return text
    try:
        policies = cedar.compiled({_NAME: part})
    except cedar.UnreadablePolicy:
        return text
    answer = cedar.ask(policies, asked.request, asked.entities)
    if answer.errors:
        return f"{text}: {'; '.join(answer.errors)}"
    return None if answer.allowed else text


def _permit(scope: str) -> str:
    if scope.startswith("principal"):
        return f"permit ({scope}, action, resource);"
    return f"permit (principal, action, {scope});"


def _condition(condition: Mapping[str, Any]) -> tuple[str, str]:
    """As people read it, and as a policy; without one where the engine cannot write it."""
    try:
        part = cedar.written({**_OPEN, "conditions": [condition]})
    except cedar.UnreadablePolicy:
        return _TOO_LONG, ""
    # The scope is empty, so the first bracket that closes is its own.
    text = " ".join(part.partition(")")[2].split()).rstrip(";")
    return _BRACKETED.sub(r"\1", text), part


def _scope(variable: str, scope: Mapping[str, Any]) -> str | None:
    if scope == _ALL:
        return None
    if scope["op"] == "is":
        inside = f" in {_uid(scope['in']['entity'])}" if "in" in scope else ""
        return f"{variable} is {scope['entity_type']}{inside}"
    return f"{variable} {scope['op']} {_uid(scope['entity'])}"


def _uid(entity: Mapping[str, str]) -> str:
    quoted = entity["id"].replace("\\", "\\\\").replace('"', '\\"')
    return f'{entity["type"]}::"{quoted}"'
