"""Worker module: the Lua of one plugin, or of a group, each in a machine of its own (lua_vm.py).

Every failure of a plugin is a value: a reply's `outcome` is "ok", "error", "budget", "memory",
"denied" or "bad-result". A machine is used again only after "ok"; its environment never is.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from apps.extensions import limits
from apps.extensions.messages import readable
from apps.extensions.sandbox.document_questions import answer
from apps.extensions.sandbox.lua_source import SourceError, check_source
from apps.extensions.sandbox.lua_vm import HOST, CompileError, Ended, LuaVM, Program

SECTIONS: Final = ("site", "request", "content", "response", "system")
"""In the order of `begin` in call.lua."""
FUNCTION_TOPIC: Final = "content.resolved"
_PLACE: Final = re.compile(r"(?:\[host\]|[a-z][a-z0-9-]*):(\d+): ")

Reply = dict[str, Any]


def open(setup: Any) -> Callable[[Any], dict[str, Any]]:
    """`setup`: {"plugins": [{id, source, settings, capabilities, seed (hex), budget, form}]}.

    Requests: {"calls": [{"plugin", "topic", "event"}]}, answered by {"replies": [...]} in the same
    order; or {"check": true} to run the top of each plugin alone: then a reply's `topics` are those
    that it has functions for. A text that does not compile is told in each reply. The form
    "function" runs the text as a function of `event`, and the reply has its `result`.
    """
    plugins = {each["id"]: _Plugin(each) for each in setup["plugins"]}

    def answer(request: Mapping[str, Any]) -> dict[str, Any]:
        if request.get("check"):
            return {"replies": [plugin.answer({"check": True}) for plugin in plugins.values()]}
        return {"replies": [plugins[call["plugin"]].answer(call) for call in request["calls"]]}

    return answer


class _Plugin:
    """A pool of one machine, made when it is first needed."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self._seed = bytes.fromhex(setup["seed"])
        self._program = _program(setup, self._seed)
        self._vm: LuaVM | None = None
        self._calls = 0
        self._refusal: Reply | None = None
        self._ready()

    def answer(self, request: Mapping[str, Any]) -> Reply:
        vm = self._ready()
        if vm is None:
            return dict(self._refusal or {})
        call = _Call(request, self._program.form, self._seed)
        ended = vm.call(call.topic, call.sections, call.ask)
        self._calls += 1
        if isinstance(ended, Ended):
            return _good(ended)
        self._vm = None
        return _bad(ended.kind, ended.message.decode("utf-8", "replace"), ended.line, ended.denied)

    def _ready(self) -> LuaVM | None:
        if self._vm is not None and not self._worn_out(self._vm):
            return self._vm
        self._vm = None
        if self._refusal is None:
            self._vm, self._calls = self._build(), 0
        return self._vm

    def _build(self) -> LuaVM | None:
        try:
            check_source(self._program.source)
            return LuaVM(self._program)
        except SourceError as error:
            self._refusal = _bad("error", error.reason, error.line)
        except CompileError as error:
            self._refusal = _bad("error", str(error), None)
        return None

    def _worn_out(self, vm: LuaVM) -> bool:
        return self._calls >= limits.VM_CALLS or vm.memory > limits.VM_BYTES


class _Call:
    """One event as the machine wants it, and the answers to what is asked about it."""

    def __init__(self, request: Mapping[str, Any], form: str, seed: bytes) -> None:
        self._seed = seed
        self._answers: dict[tuple[str, bytes | None], bytes] = {}
        event = request.get("event") or {}
        self._body: str | None = None
        self.sections: tuple[bytes | None, ...]
        if form == "function":
            self.topic, self.sections = FUNCTION_TOPIC, (orjson.dumps(event),)
        else:
            self.topic = "" if request.get("check") else str(request["topic"])
            self.sections = self._cut(event)

    def _cut(self, event: Mapping[str, Any]) -> tuple[bytes | None, ...]:
        """The sections as JSON. The body stays here."""
        content = event.get("content")
        if isinstance(content, dict) and isinstance(content.get("body"), str):
            self._body = content["body"]
            event = {**event, "content": {k: v for k, v in content.items() if k != "body"}}
        return tuple(_json(event.get(name)) for name in SECTIONS)

    def ask(self, question: str, argument: bytes | None) -> bytes:
        key = (question, argument)
        if key in self._answers:
            return self._answers[key]
        found = self._answer(question, argument)
        if len(self._answers) < limits.ANSWERS_KEPT:
            self._answers[key] = found
        return found

    def _answer(self, question: str, argument: bytes | None) -> bytes:
        if question == "seed":
            return orjson.dumps({"value": self._random_seed()})
        return answer(question, argument, self._body)

    def _random_seed(self) -> list[int]:
        event = b"\0".join((self.topic.encode(), *(each or b"" for each in self.sections)))
        body = (self._body or "").encode()
        digest = hmac.digest(self._seed, event + b"\0" + body, "sha256")
        return [int.from_bytes(digest[at : at + 8], "big", signed=True) for at in (0, 8)]


def _program(setup: Mapping[str, Any], seed: bytes) -> Program:
    budget = setup.get("budget") or {}
    return Program(
        id=setup["id"],
        form=setup.get("form", "plugin"),
        source=setup["source"].encode("utf-8"),
        settings=orjson.dumps(setup.get("settings") or {}),
        capabilities=tuple(setup["capabilities"]),
        instructions=budget.get("instructions", limits.INSTRUCTIONS),
        memory=max(budget.get("memory", limits.LUA_MEMORY), limits.MIB),
        hash_seed=int.from_bytes(hashlib.sha256(b"hash" + seed).digest()[:4], "big"),
    )


def _json(section: Any) -> bytes | None:
    return None if section is None else orjson.dumps(section)


def _good(ended: Ended) -> Reply:
    none = {"message": None, "line": None, "denied": None}
    return {"outcome": "ok", **none, **orjson.loads(ended.answer)}


def _bad(kind: str, message: str, line: int | None, denied: tuple[str, str] | None = None) -> Reply:
    while place := _PLACE.match(message):
        message = message[place.end() :]
        if line is None and not place[0].startswith(HOST):
            line = int(place[1])
    missing = {"call": denied[0], "capability": denied[1]} if denied else None
    reason = {"outcome": kind, "message": readable(message), "line": line, "denied": missing}
    return {**reason, "proposals": [], "topics": [], "result": None}
