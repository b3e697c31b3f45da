"""A theme writes the page: its template in its worker, then the transforms that it accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.extensions.acceptance import Accepted, Dropped
from apps.extensions.proposals import Status
from apps.extensions.registry import MountedTheme
from apps.extensions.routes import Route
from apps.runtime.faults import WorkerFault, WorkerTimeout

HTML = "text/html; charset=utf-8"
ERROR_TEMPLATES = ("{status}.html", "error.html")


class ThemeFault(Exception):
    """The theme could not write the page. Says where, for its author.

    `can_show_errors` is False when its worker is gone, so that asking it again is useless.
    """

    def __init__(self, theme: str, reason: str, *, can_show_errors: bool) -> None:
        self.theme, self.can_show_errors = theme, can_show_errors
        super().__init__(f"theme {theme}: {reason}")


@dataclass(frozen=True, slots=True)
class Draft:
    """The theme's result."""

    status: int
    text: str
    content_type: str
    dropped: tuple[Dropped, ...] = ()


def apply(
    theme: MountedTheme,
    route: Route,
    context: Mapping[str, Any],
    *,
    body: str,
    accepted: Accepted,
) -> Draft:
    """Costs one round trip to the theme's worker. Raises ThemeFault."""
    transforms = accepted.transform_requests()
    reply = _ask(theme, route.template, context, body=body, transforms=transforms)
    status = accepted.status.proposal if accepted.status else None
    return Draft(
        status=status.status if isinstance(status, Status) else route.status,
        text=reply["text"],
        content_type=route.content_type,
        dropped=tuple(
            Dropped(
                accepted.transforms[each["index"]].by,
                accepted.transforms[each["index"]].proposal,
                str(each["reason"]),
            )
            for each in reply.get("dropped", ())
        ),
    )


def error_page(theme: MountedTheme, status: int, context: Mapping[str, Any]) -> Draft | None:
    """The theme's own page for an error, if it has one. Raises ThemeFault."""
    for pattern in ERROR_TEMPLATES:
        name = pattern.format(status=status)
        if name in theme.templates:
            reply = _ask(theme, name, context, body="", transforms=[])
            return Draft(status, reply["text"], HTML)
    return None


def _ask(
    theme: MountedTheme,
    template: str,
    context: Mapping[str, Any],
    *,
    body: str,
    transforms: list[dict[str, Any]],
) -> Mapping[str, Any]:
    request = {
        "template": template,
        "context": context,
        "html": {"body": body},
        "transforms": transforms,
        "accept": list(theme.accept.transforms),
    }
    try:
        reply = theme.pool.call(request)
    except WorkerFault as fault:
        late = isinstance(fault, WorkerTimeout)
        reason = f"{template} took too long" if late else f"{template}: {fault.reason}"
        raise ThemeFault(theme.id, reason, can_show_errors=False) from fault
    if not isinstance(reply, dict) or not isinstance(reply.get("text"), str):
        raise ThemeFault(theme.id, _reason(reply), can_show_errors=True)
    return reply


def _reason(reply: Any) -> str:
    error = reply.get("error") if isinstance(reply, dict) else None
    if not isinstance(error, dict):
        return "its worker answered nonsense"
    said = (error.get(key) for key in ("template", "line", "message"))
    template, line, message = (str(value)[:500] for value in said)
    return f"templates/{template}:{line}: {message}"
