"""The bodies of cases and samples, rendered as documents are; and what of them a selector meets."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.extensions.limits import INSTRUCTIONS, LUA_MEMORY
from apps.extensions.workshop.samples import MARKDOWN
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import Workers

_COUNT: Final = (
    'on("content.resolved", function(event, propose)'
    ' propose.metadata("found", event.content:count(event.content.selector)) end)'
)
_PROGRAM: Final[Mapping[str, Any]] = {
    "id": "count",
    "source": _COUNT,
    "settings": {},
    "capabilities": ["read:content.meta", "read:content.text", "propose:metadata"],
    "seed": "00",
    "budget": {"instructions": INSTRUCTIONS, "memory": LUA_MEMORY},
}
_LIMITS: Final = Limits(cpu_seconds=1.0, wall_seconds=5.0, request_bytes=16 * 1024 * 1024)


def rendered(texts: Iterable[str | None], renderer: Renderer) -> list[str | None]:
    """HTML of Markdown, in one go; None stays None."""
    given = list(texts)
    sources = [Source(str(n), MARKDOWN, text) for n, text in enumerate(given) if text is not None]
    bodies = {source.path: body.as_written() for source, body in renderer.render(sources)}
    return [bodies.get(str(n)) for n in range(len(given))]


class Selectors:
    """Counts elements of a page that a theme wrote, which is hostile, in a confined worker."""

    def __init__(self, workers: Workers) -> None:
        entry = "apps.extensions.sandbox.lua_worker"
        setup = {"plugins": [_PROGRAM]}
        self._pool = workers.pool(
            WorkerSpec(name="selectors", entry=entry, setup=setup, limits=_LIMITS)
        )

    def close(self) -> None:
        self._pool.close()

    def count(self, html: str, selector: str) -> int | str:
        """How many, or why the selector cannot be used. Raises WorkerFault."""
        event = {"content": {"selector": selector, "body": html}}
        call = {"plugin": "count", "topic": "content.resolved", "event": event}
        (reply,) = self._pool.call({"calls": [call]})["replies"]
        if reply["outcome"] != "ok":
            return str(reply["message"])
        return int(reply["proposals"][0]["value"])
