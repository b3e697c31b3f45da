"""One Lua machine with one extension's program in it; the only module that imports lupa.

Nothing of Python ever enters the machine but bytes, and nothing comes out but bytes which the
trusted prelude made. The memory limit is on only while the program runs: what lupa pushes over a
limit would abort the process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
from lupa import lua55

from apps.extensions import limits
from apps.extensions.capabilities import CALLS, TOPICS
from apps.extensions.proposals import OPERATIONS, PATCH_OPERATIONS

_FOLDER: Final = Path(__file__).parent / "prelude"
_PARTS: Final = (
    *("budget", "json", "pattern", "matching", "strings", "tables"),
    *("metatables", "base", "events", "proposals", "call"),
)
_PRELUDE: Final = tuple((_FOLDER / f"{part}.lua").read_bytes() for part in _PARTS)
HOST: Final = "[host]"
"""How the prelude names itself in error messages."""

SURFACE: Final = orjson.dumps(
    {
        "calls": dict(CALLS),
        "topics": dict(TOPICS),
        "operations": dict(OPERATIONS),
        "patch_operations": dict(PATCH_OPERATIONS),
        "limits": {
            "argument": limits.ARGUMENT_BYTES,
            "proposals": limits.PROPOSALS,
            "key": limits.METADATA_KEY,
            "header_name": limits.HEADER_NAME,
            "header_value": limits.HEADER_VALUE,
            "selector": limits.SELECTOR,
            "html": limits.HTML_BYTES,
            "patch_operations": limits.PATCH_OPERATIONS,
            "pointer": limits.POINTER,
            "status_from": limits.STATUS.start,
            "status_to": limits.STATUS.stop - 1,
            "depth": limits.RESULT_DEPTH,
            "nodes": limits.RESULT_NODES,
            "bytes": limits.RESULT_BYTES,
        },
    }
)

Ask = Callable[[str, bytes | None], bytes]
"""A question about the document, and its answer in JSON: {"value": ...} or {"error": text}."""


class _Function(Protocol):
    def __call__(self, *arguments: bytes | int | None) -> Any: ...


class CompileError(Exception):
    """The program was refused by the compiler; the message is hostile text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`form` is "plugin", or "function": a text run as the body of a function of one event."""

    id: str
    form: str
    source: bytes
    settings: bytes
    capabilities: tuple[str, ...]
    instructions: int
    memory: int
    hash_seed: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that gave an answer: JSON by the prelude, within its bounds."""

    answer: bytes


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that did not: "error", "budget", "memory", "denied" or "bad-result".

    `denied` are the host call and the capability that it would have needed.
    """

    kind: str
    message: bytes
    line: int | None
    denied: tuple[str, str] | None = None


class LuaVM:
    """Raises CompileError. After anything but `Ended` the machine is not to be used again."""

    def __init__(self, program: Program) -> None:
        self._lua = lua55.LuaRuntime(
            encoding=None,
            source_encoding="utf-8",
            register_eval=False,
            register_builtins=False,
            max_memory=0,
            string_hash_seed=program.hash_seed,
        )
        self._program = program
        self._source_name = f"={program.id}".encode()
        host = self._load_prelude(program)
        names = (b"begin", b"resume", b"answer", b"finish", b"explain")
        self._begin, self._resume, self._answer, self._finish, self._explain = (
            _function(host, name) for name in names
        )
        self._compile(host)

    @property
    def memory(self) -> int:
        return int(self._lua.get_memory_used())

    def call(self, topic: str, sections: tuple[bytes | None, ...], ask: Ask) -> Ended | Stopped:
        """`sections` as `begin` of call.lua wants them. Asks `ask` whatever the program asks."""
        self._begin(self._program.instructions, topic.encode(), *sections)
        try:
            state, question, argument = self._run()
            while state == b"ask":
                self._answer(ask(question.decode(), argument))
                state, question, argument = self._run()
        except lua55.LuaMemoryError:
            return Stopped("memory", b"not enough memory", None)
        except lua55.LuaError as error:
            return Stopped("error", str(error).encode(), None)
        if state == b"done":
            return Ended(self._finish())
        kind, message, line, call, capability = self._explain(self._source_name)
        denied = (_text(call), _text(capability)) if call else None
        return Stopped(kind.decode(), message, line, denied)

    def _run(self) -> Any:
        self._lua.set_max_memory(self._program.memory)
        try:
            return self._resume()
        finally:
            self._lua.set_max_memory(0)

    def _load_prelude(self, program: Program) -> Any:
        host = self._lua.table()
        surface: Any = None
        for text in _PRELUDE:
            load = self._lua.compile(text, name=f"={HOST}".encode(), mode="t")
            load(host, surface)
            if surface is None and host[b"decode"] is not None:
                surface = host[b"decode"](SURFACE)
                host[b"set_result_bounds"](surface[b"limits"])
        host[b"grant"](host[b"decode"](orjson.dumps(program.capabilities)))
        return host

    def _compile(self, host: Any) -> None:
        program = self._program
        host[b"hold"](program.form.encode(), program.source, program.id.encode(), program.settings)
        self._lua.set_max_memory(program.memory)
        try:
            message = host[b"compile"]()
        except lua55.LuaMemoryError:
            message = b"not enough memory to compile"
        finally:
            self._lua.set_max_memory(0)
        if message is not None:
            raise CompileError(message.decode("utf-8", "replace"))


def _text(value: bytes) -> str:
    """What a call was given can be any bytes."""
    return value.decode("utf-8", "replace")


def _function(host: Any, name: bytes) -> _Function:
    function: _Function = host[name]
    return function
