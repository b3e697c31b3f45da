"""The one table: host call -> capability -> Cedar action -> words for people.

From it come the sandbox's surface, what an event shows, the policy schema, the consent page's words
and the docs.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

REQUEST_HEADER: Final = "read:request.header:<name>"
_HEADER: Final = re.compile(r"read:request\.header:([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)")
SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
"""No extension may read what a visitor proves themselves with."""


@dataclass(frozen=True, slots=True)
class Capability:
    """`calls` are as authors write them; `words` end the sentence "This extension may ..."."""

    name: str
    action: str
    words: str
    calls: tuple[str, ...]


TABLE: Final = (
    Capability(
        "read:site",
        "readSite",
        "see the site's title, description, address and language",
        ("event.site",),
    ),
    Capability(
        "read:request",
        "readRequest",
        "see the path of each visit",
        ("event.request",),
    ),
    Capability(
        REQUEST_HEADER,
        "readRequestHeader",
        "see the header <name> of each visit",
        ("event.request.headers",),
    ),
    Capability(
        "read:content.meta",
        "readContentMeta",
        "see the title, the address, the kind and the front matter of documents",
        ("event.content",),
    ),
    Capability(
        "read:content.text",
        "readContentText",
        "count and look up things in the text of documents",
        (
            "event.content:count",
            "event.content:digest",
            "event.content:json",
            "event.content:matches",
            "event.content:word_count",
        ),
    ),
    Capability(
        "read:response",
        "readResponse",
        "see the status and the headers of responses",
        ("event.response",),
    ),
    Capability(
        "read:system",
        "readSystem",
        "see when the site starts, stops and which commit it serves",
        ("event.system",),
    ),
    Capability(
        "propose:metadata",
        "proposeMetadata",
        "add facts to pages for the theme to show",
        ("propose.metadata",),
    ),
    Capability(
        "propose:status",
        "proposeStatus",
        "suggest the status of responses",
        ("propose.status",),
    ),
    Capability(
        "propose:header",
        "proposeHeader",
        "suggest headers of responses",
        ("propose.header",),
    ),
    Capability(
        "propose:transform",
        "proposeTransform",
        "suggest changes to the HTML of pages",
        ("propose.transform",),
    ),
    Capability(
        "propose:patch",
        "proposePatch",
        "suggest changes to the JSON of pages",
        ("propose.patch",),
    ),
)
CALLS: Final[Mapping[str, str]] = MappingProxyType(
    {call: capability.name for capability in TABLE for call in capability.calls}
)
TOPICS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "request.received": ("metadata", "status", "header", "transform", "patch"),
        "content.resolved": ("metadata", "status", "header", "transform", "patch"),
        "response.prepared": ("status", "header"),
        "system.started": (),
        "system.synced": (),
        "system.stopping": (),
    }
)
"""Event -> the proposals in phase: after the theme has rendered, only the envelope is open."""


def find(name: str) -> Capability | None:
    """The row of a declared capability, the header's name filled in; None where there is none."""
    header = _HEADER.fullmatch(name)
    if header is None:
        return next((row for row in TABLE if row.name == name != REQUEST_HEADER), None)
    if header[1] in SECRET_HEADERS:
        return None
    row = next(row for row in TABLE if row.name == REQUEST_HEADER)
    return replace(row, name=name, words=row.words.replace("<name>", header[1]))


def refusal(granted: Collection[str], topic: str, kind: str) -> str | None:
    """Why a plugin may not propose that at that event; None when it may.

    The sandbox says the same first. This is what counts: a worker may have been taken over.
    """
    call = f"propose.{kind}"
    if call not in CALLS:
        return f"there is no kind {kind[:40]!r}"
    if CALLS[call] not in granted:
        return f"{call} needs the capability {CALLS[call]}"
    if kind not in TOPICS.get(topic, ()):
        return f"{call} is out of phase in {topic[:40]!r}"
    return None


def consent(names: Iterable[str]) -> tuple[str, ...]:
    """A sentence for people on each capability, sorted. Names that are none are left out."""
    rows = filter(None, map(find, set(names)))
    return tuple(sorted(f"This extension may {row.words}." for row in rows))


def cedar_schema() -> dict[str, Any]:
    """The table in Cedar's JSON form of a schema: each action is asked by an extension, of the
    Capability as it declares it."""
    applies = {"principalTypes": ["Extension"], "resourceTypes": ["Capability"]}
    actions = {row.action: {"appliesTo": applies} for row in TABLE}
    return {"": {"entityTypes": {"Capability": {}, "Extension": {}}, "actions": actions}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What of an event one plugin is sent; everything else stays in the parent."""

    site: bool
    request: bool
    headers: tuple[str, ...]
    meta: bool
    text: bool
    response: bool
    system: bool

    def cut(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event as this plugin sees it. Header names of `event` are in lower case."""
        shown: dict[str, Any] = {}
        if self.site and "site" in event:
            shown["site"] = event["site"]
        if (self.request or self.headers) and "request" in event:
            shown["request"] = self._request(event["request"])
        if (self.meta or self.text) and "content" in event:
            shown["content"] = self._content(event["content"])
        if self.response and "response" in event:
            shown["response"] = event["response"]
        if self.system and "system" in event:
            shown["system"] = event["system"]
        return shown

    def _request(self, section: Mapping[str, Any]) -> dict[str, Any]:
        shown = {k: v for k, v in section.items() if k != "headers"} if self.request else {}
        sent = section.get("headers", {})
        return shown | {"headers": {name: sent[name] for name in self.headers if name in sent}}

    def _content(self, section: Mapping[str, Any]) -> dict[str, Any]:
        if not self.meta:
            return {"body": section["body"]} if "body" in section else {}
        shown = dict(section)
        if not self.text:
            shown.pop("body", None)
        return shown


def sections(capabilities: Iterable[str]) -> Sections:
    """Names that are not capabilities show nothing."""
    held = {name for name in capabilities if find(name) is not None}
    headers = (match[1] for name in held if (match := _HEADER.fullmatch(name)) is not None)
    return Sections(
        site="read:site" in held,
        request="read:request" in held,
        headers=tuple(sorted(headers)),
        meta="read:content.meta" in held,
        text="read:content.text" in held,
        response="read:response" in held,
        system="read:system" in held,
    )
