"""Starts workers of extensions for a test, with the limits of the product and roomy deadlines."""

from typing import Any

from apps.extensions.capabilities import TABLE
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

ALL = tuple(row.name for row in TABLE if "<" not in row.name)
SEED = "5eed" * 8
EVENT: dict[str, Any] = {
    "site": {"title": "Site", "base_url": "https://site.example", "language": "en"},
    "request": {"path": "/a/", "method": "GET", "headers": {"accept-language": "de"}},
    "content": {
        "title": "Title",
        "url": "/a/",
        "kind": "page",
        "meta": {"tags": ["x", "y"], "draft": False, "weight": 1.5},
        "body": "<h1>One</h1><p>two <b>three</b></p><p>four</p>",
    },
}


class Stage:
    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._pools: list[WorkerPool] = []

    def plugin(self, source: str, **setup: Any) -> WorkerPool:
        """`setup` replaces what a plugin is given: all capabilities and no settings."""
        given = {"id": "tried", "source": source, "settings": {}, "capabilities": ALL}
        plugin = {**given, "seed": SEED, "budget": {}, **setup}
        return self._pool("lua_worker", {"plugins": [plugin]})

    def theme(self, templates: dict[str, str], **setup: Any) -> WorkerPool:
        given = {"theme": "tried", "templates": templates, "assets": {}, "settings": {}}
        return self._pool("template_worker", {**given, **setup})

    def close(self) -> None:
        for pool in self._pools:
            pool.close()

    def _pool(self, module: str, setup: dict[str, Any]) -> WorkerPool:
        limits = Limits(cpu_seconds=0.5, wall_seconds=3.0)
        entry = f"apps.extensions.sandbox.{module}"
        pool = self._workers.pool(
            WorkerSpec(name=f"tried:{module}", entry=entry, setup=setup, limits=limits)
        )
        self._pools.append(pool)
        return pool


def on_resolved(body: str) -> str:
    """A plugin whose handler is `body`."""
    return f'on("content.resolved", function(event, propose)\n{body}\nend)'


def ask(pool: WorkerPool, topic: str = "content.resolved", **event: Any) -> dict[str, Any]:
    call = {"plugin": "tried", "topic": topic, "event": {**EVENT, **event}}
    reply: dict[str, Any] = pool.call({"calls": [call]})["replies"][0]
    return reply


def checked(pool: WorkerPool) -> dict[str, Any]:
    """The reply of a plugin whose top alone is run."""
    reply: dict[str, Any] = pool.call({"check": True})["replies"][0]
    return reply


def proposed(pool: WorkerPool) -> list[dict[str, Any]]:
    """What was proposed; fails where the call did not end well."""
    reply = ask(pool)
    assert reply["outcome"] == "ok", reply
    found: list[dict[str, Any]] = reply["proposals"]
    return found


def said(stage: Stage, expression: str, before: str = "") -> Any:
    """The value of a Lua expression, computed by a plugin."""
    pool = stage.plugin(on_resolved(f'{before}\npropose.metadata("said", {expression})'))
    return proposed(pool)[0]["value"]
