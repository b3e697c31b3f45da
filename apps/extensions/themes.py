"""A theme writes the page: its template in its worker, then the changes that it accepts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.extensions.acceptance import Accepted, Dropped, Proposed
from apps.extensions.containment.blame import OUT_OF_SERVICE, cause
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.containment import Containment
from apps.extensions.messages import readable
from apps.extensions.registry import MountedTheme, plugin_key
from apps.extensions.routes import Route
from apps.runtime.faults import WorkerBadFrame, WorkerFault, WorkerTimeout, WorkerUnavailable

HTML = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"
ERROR_TEMPLATES = {
    "{status}.html": HTML,
    "error.html": HTML,
    "{status}.json": PROBLEM,
    "error.json": PROBLEM,
}
UNWRITABLE = "the page could not be written with it"


class ThemeFault(Exception):
    """The theme could not write the page. Says where, for its author.

    `can_show_errors` is False when its worker is gone, so that asking it again is useless.
    """

    def __init__(self, theme: str, reason: str, *, can_show_errors: bool = True) -> None:
        self.theme, self.can_show_errors = theme, can_show_errors
        super().__init__(f"theme {theme}: {reason}")


@dataclass(frozen=True, slots=True)
class Page:
    """Where it answers, its document's HTML, which goes into the template as it is, and pictures
    that the template may ask for."""

    path: str
    body: str = ""
    pictures: Mapping[str, Any] = field(default_factory=dict)


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
    page: Page,
    accepted: Accepted,
    containment: Containment,
) -> Draft:
    """Costs one round trip to the theme's worker. Raises ThemeFault.

    Where the worker does not survive the changes, it costs a second one, without them.
    """
    asking = _Asking(theme, route.template, page, containment)
    reply = asking.ask(context, accepted)
    return Draft(
        status=route.status,
        text=reply["text"],
        content_type=route.content_type,
        dropped=_dropped(accepted, reply),
    )


def error_page(
    theme: MountedTheme,
    status: int,
    context: Mapping[str, Any],
    accepted: Accepted,
    containment: Containment,
) -> Draft | None:
    """The theme's own page for an error, if it has one. Raises ThemeFault."""
    for pattern, content_type in ERROR_TEMPLATES.items():
        name = pattern.format(status=status)
        if name in theme.templates:
            asking = _Asking(theme, name, Page(""), containment)
            reply = asking.ask(context, accepted)
            return Draft(status, reply["text"], content_type, _dropped(accepted, reply))
    return None


class _Asking:
    """One template's worker, as long as the breakers of the page and of the template let it be
    asked.

    One page may be more than its template can do; that must not take the other pages away. So a
    page that burns its time is left out by itself, and the template when many pages do.
    """

    def __init__(
        self, theme: MountedTheme, template: str, page: Page, containment: Containment
    ) -> None:
        self._theme, self._template, self._containment = theme, template, containment
        self._body, self._pictures = page.body, page.pictures
        self._key = theme.key(template)
        self._page = f"{self._key} {page.path}"

    def ask(self, context: Mapping[str, Any], accepted: Accepted) -> Mapping[str, Any]:
        if self._containment.known and not self._is_admitted():
            raise ThemeFault(self._theme.id, f"{self._template} is {OUT_OF_SERVICE}")
        request = {
            "template": self._template,
            "context": context,
            "html": {"body": self._body},
            "pictures": self._pictures,
            "accept": list(self._theme.accept.transforms),
        }
        try:
            reply = self._written(request, accepted)
        except WorkerFault as fault:
            self._blame(fault)
            late = isinstance(fault, WorkerTimeout)
            said = (
                f"{self._template} took too long" if late else f"{self._template}: {fault.reason}"
            )
            raise ThemeFault(self._theme.id, said, can_show_errors=False) from fault
        self._containment.succeeded(self._key)
        if self._containment.has_seen(self._page):
            self._containment.succeeded(self._page)
        if "error" in reply:
            raise ThemeFault(self._theme.id, _reason(reply["error"]))
        return reply

    def _is_admitted(self) -> bool:
        return self._containment.admits(self._page) and self._containment.admits(self._key)

    def _written(self, request: dict[str, Any], accepted: Accepted) -> dict[str, Any]:
        """What plugins change must not cost a visitor the page, nor the theme its good name."""
        transforms, patches = accepted.transform_requests(), accepted.patch_requests()
        if not transforms and not patches:
            return self._call(request)
        try:
            return self._call(request | {"transforms": transforms, "patches": patches})
        except WorkerUnavailable:
            raise
        except WorkerFault as fault:
            lost = {"dropped": _all(transforms), "dropped_patches": _all(patches)}
            reply = self._call(request) | lost
            self._blame_changes(accepted, fault)
            return reply

    def _blame_changes(self, accepted: Accepted, fault: WorkerFault) -> None:
        """Without them the page was there. Whose of several it was nobody can tell."""
        authors = {each.by for each in (*accepted.transforms, *accepted.patches)}
        if len(authors) == 1 and cause(fault, abort=Cause.BUDGET) is not None:
            reason = f"{UNWRITABLE}: {fault.reason}"
            self._containment.failed(plugin_key(*authors), Cause.BUDGET, reason)

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        reply = self._theme.pool.call(request)
        if not _is_page_or_error(reply):
            raise WorkerBadFrame("its worker answered nonsense")
        return dict(reply)

    def _blame(self, fault: WorkerFault) -> None:
        why = cause(fault, abort=Cause.BUDGET)
        if why is Cause.ATTACK:
            self._containment.failed(self._key, why, fault.reason)
        elif why is not None:
            self._containment.failed(self._key, Cause.ERROR, fault.reason)
            self._containment.failed(self._page, Cause.BUDGET, fault.reason)


def _dropped(accepted: Accepted, reply: Mapping[str, Any]) -> tuple[Dropped, ...]:
    return (
        *_refused(accepted.transforms, reply.get("dropped")),
        *_refused(accepted.patches, reply.get("dropped_patches")),
    )


def _refused(proposed: Sequence[Proposed], entries: Any) -> Iterator[Dropped]:
    """What the worker says of each; the reply is as good as hostile."""
    for entry in entries if type(entries) is list else ():
        index = entry.get("index") if type(entry) is dict else None
        if type(index) is int and 0 <= index < len(proposed):
            each = proposed[index]
            reason, lost = readable(str(entry.get("reason"))), entry.get("unwritable") is True
            yield Dropped(each.by, each.proposal, reason, unwritable=lost)


def _all(changes: Sequence[Any]) -> list[dict[str, Any]]:
    lost = {"reason": UNWRITABLE, "unwritable": True}
    return [{"index": index, **lost} for index in range(len(changes))]


def _is_page_or_error(reply: Any) -> bool:
    if type(reply) is not dict:
        return False
    return type(reply.get("text")) is str or type(reply.get("error")) is dict


def _reason(error: Mapping[str, Any]) -> str:
    template, line, message = (str(error.get(k))[:500] for k in ("template", "line", "message"))
    return f"templates/{template}:{line}: {message}"
