"""Whether what an earlier sync left may be served before the next one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings

from apps.content import schema
from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.extensions.authority import basis
from apps.runtime.boot import Notes
from apps.runtime.components import Component
from apps.runtime.context import Context


def stands(files: ContentFiles, renderer: Renderer, *, bundled: Path, branch: str | None) -> bool:
    """Its rows are of this version's shape, made by this renderer, and shown to visitors by the
    rules that there are now. `branch` is None where the remote names it."""
    if not (schema.is_current(files.index) and (pointer := Index(files).pointer())):
        return False
    made_by = (pointer.renderer, pointer.basis, pointer.branch)
    return made_by == (renderer.id, basis(bundled), branch or pointer.branch)


def component(may_serve: Callable[[], None]) -> Component:
    """Says it where that is so."""
    return Component(name="standing", requires=("sandbox",), load=partial(_load, may_serve))


def _load(may_serve: Callable[[], None], context: Context) -> None:
    stood = stands(
        settings.SITE_FILES,
        context.get(Renderer),
        bundled=settings.BUNDLED_EXTENSIONS,
        branch=settings.SITE_SOURCE.branch,
    )
    context.get(Notes)("served meanwhile" if stood else "not to be served before the sync")
    if stood:
        may_serve()
