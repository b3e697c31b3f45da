"""The templates of a theme with sample content, as files that a browser opens without a server."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Final

from apps.content.rendering import Renderer
from apps.extensions.loading import mounted_theme
from apps.extensions.registry import MountedTheme
from apps.extensions.routes import Route
from apps.extensions.settling import Ready
from apps.extensions.specs import assets_of, theme_spec
from apps.extensions.themes import ThemeFault
from apps.extensions.workshop import samples
from apps.extensions.workshop.theme_trials import written
from apps.runtime.workers import Workers

ERROR_TEMPLATES: Final = ("404.html", "error.html")
ENDINGS: Final = {"text/html": ".html", "application/atom+xml": ".xml", "application/json": ".json"}


@dataclass(frozen=True, slots=True)
class Preview:
    """One page: the file's name, and its text or why there is none."""

    file: str
    text: str = ""
    problem: str = ""


def preview(theme: Ready, workers: Workers, renderer: Renderer) -> list[Preview]:
    """One of each route, and of the page for what is not there."""
    ((_, body),) = renderer.render([samples.text()])
    spec = theme_spec(theme)
    relative = {name: f"assets/{name}" for name in assets_of(theme.files)}
    pool = workers.pool(replace(spec, size=1, setup={**spec.setup, "assets": relative}))
    mounted = mounted_theme(theme, pool)
    try:
        return [_shown(mounted, route, values, body.html) for route, values in _pages(mounted)]
    finally:
        pool.close()


def write(previews: list[Preview], theme: Ready, folder: Path) -> Path:
    """The page that leads to all of them. Files of an earlier preview are written over."""
    for name, (content, _) in assets_of(theme.files).items():
        target = folder / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)
    for each in previews:
        (folder / each.file).write_text(each.text or _told(each.problem), encoding="utf-8")
    links = "".join(f'<li><a href="{p.file}">{escape(p.file)}</a></li>' for p in previews)
    index = folder / "index.html"
    index.write_text(f"<!doctype html><title>Preview</title><ul>{links}</ul>\n", encoding="utf-8")
    return index


def _pages(theme: MountedTheme) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    values = samples.template_values(theme.settings)
    for route in theme.manifest.routes:
        named = {"name": route.name, "params": dict.fromkeys(sorted(route.variables), "sample")}
        yield route, {**values, **_content(route), "route": named}
    for template in ERROR_TEMPLATES:
        if template in theme.templates:
            route = Route(name="error", path="/", template=template, status=404)
            yield route, {**values, "page": None, "error": dict(samples.ERROR)}
            return


def _content(route: Route) -> dict[str, Any]:
    if route.query is None:
        return {"page": dict(samples.PAGE if route.kind != "section" else samples.SECTION)}
    page = {"page": samples.PAGE, "section": samples.SECTION}.get(route.kind or "")
    return {"page": page and dict(page), "list": dict(samples.LIST)}


def _shown(theme: MountedTheme, route: Route, values: Mapping[str, Any], body: str) -> Preview:
    file = f"{route.name}{ENDINGS.get(route.content_type.partition(';')[0], '.txt')}"
    text = body if values["page"] else ""
    try:
        return Preview(file, written(theme, route, values, text))
    except ThemeFault as fault:
        return Preview(file, problem=str(fault))


def _told(problem: str) -> str:
    return f"<!doctype html><title>It failed</title><pre>{escape(problem)}</pre>\n"
