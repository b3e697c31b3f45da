"""Whether somebody may make a change, by what a file is before and what it is after it.

Asked by commands and by the console, before anything is written.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from apps.content import layouts
from apps.content.addresses import AddressError
from apps.content.documents import visibility_of
from apps.content.entries import PUBLIC
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.extensions.authorising import authorise, standing
from apps.gitsync.resources import (
    as_shown,
    change_of,
    changes_of,
    markup_of,
    served_configuration,
)
from apps.policy.entities import VISIBILITIES, Document, Principal, Resource

Asked = tuple[str, Resource]


def permit(who: Principal, files: Mapping[str, bytes | None], renderer: Renderer) -> None:
    """`files` are what each is to hold, None where it is to go. Raises PolicyDenied."""
    for path, before in changes_of(files).items():
        authorise(who, *before)
        for asked in asked_after(who, path, files[path], renderer, before):
            authorise(who, *asked)


def asked_after(
    who: Principal,
    path: str,
    new: bytes | None,
    renderer: Renderer,
    before: Asked | None = None,
) -> tuple[Asked, ...]:
    """Whoever may change a draft need not be allowed to publish it: what there is to ask besides
    `change_of`, which is `before` where it is known. The new bytes are read only where that makes a
    difference."""
    action, document = before or change_of(path)
    if new is None or not isinstance(document, Document):
        return ()
    rules = standing().rules
    states = {each: as_shown(document, each) for each in VISIBILITIES}
    if all(rules.decide(who, action, state).allowed for state in states.values()):
        return ()
    return ((action, states[visibility_in(path, new, renderer)]),)


def visibility_in(path: str, content: bytes, renderer: Renderer) -> str:
    """The one that the bytes have there; of what is no document, that of any file."""
    configuration = served_configuration()
    if PurePosixPath(path).suffix.lower() not in layouts.MARKUP:
        return PUBLIC
    source = Source(path, markup_of(path), content.decode("utf-8", "replace"))
    ((_, parsed),) = renderer.parse([source])
    front = parsed["front"]
    if configuration is not None:
        with suppress(AddressError, layouts.LeftOut):  # Then no page comes of it.
            front = layouts.meaning(configuration, path, front).front
    return visibility_of(front)


def beyond_documents(paths: Iterable[str]) -> tuple[Asked, ...]:
    """Whoever may decide conflicts may decide those of documents; policies and the like are asked
    for by themselves."""
    asked = map(change_of, sorted(set(paths)))
    return tuple(each for each in asked if not isinstance(each[1], Document))
