"""An edit that gives a document another address keeps the old one, in the same commit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from apps.content import layouts
from apps.content.addresses import AddressError, alias_key
from apps.content.configuration import Configuration
from apps.content.documents import visibility_of
from apps.content.edit_messages import DocumentEdits
from apps.content.entries import PUBLIC
from apps.content.merging.forms import form_of
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.gitsync.writing.changing import ALONE, FileChange

JEKYLL: Final = "jekyll", "redirect_from"
OURS: Final = "aliases"


def with_old_address(
    change: FileChange,
    configuration: Configuration,
    renderer: Renderer,
    edits: DocumentEdits,
    *,
    was: str | None = None,
) -> FileChange:
    """The change, with the address that it would take away among the document's old ones. `was` is
    the path of a document that moves to that of the change. Raises EditError, and WorkerFault."""
    if change.old is None or not _is_document(configuration, change.path, change.old):
        return change
    fronts = [_front(renderer, configuration, change.path, each) for each in _both(change)]
    before, after = fronts
    if before is None or after is None or visibility_of(before) != PUBLIC:
        return change
    try:
        places = ((was or change.path, before), (change.path, after))
        urls = [layouts.place(configuration, *each).url for each in places]
        return _kept(change, configuration, urls, after, edits)
    except (AddressError, layouts.LeftOut):  # What the document says is told when it is read.
        return change


def _is_document(configuration: Configuration, path: str, content: bytes) -> bool:
    kind = layouts.role(configuration, path)
    if kind is layouts.Role.EITHER:
        kind = layouts.turns_out(configuration, path, content)
    return kind is layouts.Role.DOCUMENT


def _both(change: FileChange) -> tuple[bytes, bytes]:
    return change.old or b"", change.new


def _kept(
    change: FileChange,
    configuration: Configuration,
    urls: list[str],
    front: Mapping[str, Any],
    edits: DocumentEdits,
) -> FileChange:
    """Raises EditError, and AddressError for aliases that are none."""
    old, new = urls
    key = _key(configuration, change.path)
    said = front.get(key)
    aliases = said if isinstance(said, list) else [] if said is None else [said]
    known = {alias_key(each) for each in aliases if isinstance(each, str)}
    if old == new or old == "/" or alias_key(old) in known:
        return change
    alone = ALONE.get(form_of(change.path))
    edited = edits.edited(change.new, {key: [*aliases, old]}, None, alone=alone)
    return replace(change, new=edited.content)


def _key(configuration: Configuration, path: str) -> str:
    layout, key = JEKYLL
    return key if configuration.part(path).layout == layout else OURS


def _front(
    renderer: Renderer, configuration: Configuration, path: str, content: bytes
) -> Mapping[str, Any] | None:
    """None where the header cannot be read."""
    markup = layouts.markup(configuration, path)
    source = Source(path, markup, content.decode("utf-8", "replace"))
    ((_, parsed),) = renderer.parse([source])
    if any(each["code"].startswith("front-matter.") for each in parsed["problems"]):
        return None
    front: Mapping[str, Any] = parsed["front"]
    return front
