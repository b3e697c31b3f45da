"""The templates of a theme with sample content, as files that a browser opens without a server."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Final

from apps.content.queries.filling import fill
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
INDEX: Final = "index.html"
"""The page that leads to all others."""
FRAME: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 1.1rem/1.6 sans-serif; margin: 1.5rem }}
pre {{ white-space: pre-wrap }}
</style>
<h1>{title}</h1>
{body}
"""
ENDINGS: Final = {"text/html": ".html", "text/plain": ".txt"}


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
        shown = [
            _shown(mounted, route, values, body.as_written()) for route, values in _pages(mounted)
        ]
    finally:
        pool.close()
    return list(_apart(shown))


def write(previews: list[Preview], theme: Ready, folder: Path) -> Path:
    """The page that leads to all of them. Files of an earlier preview are written over."""
    for name, (content, _) in assets_of(theme.files).items():
        target = folder / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)
    for each in previews:
        (folder / each.file).write_text(each.text or _told(each.problem), encoding="utf-8")
    links = "\n".join(f'<li><a href="{p.file}">{escape(p.file)}</a>' for p in previews)
    index = folder / INDEX
    title = f"Preview of the theme {theme.files.id}"
    index.write_text(FRAME.format(title=title, body=f"<ul>\n{links}\n</ul>"), encoding="utf-8")
    return index


def _pages(theme: MountedTheme) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    values = samples.template_values(theme.settings)
    for route in theme.manifest.routes:
        params = dict.fromkeys(sorted(route.variables), "sample")
        url = theme.mount + fill(route.path, params).lstrip("/")
        named = {"name": route.name, "params": params, "url": url, "mount": theme.mount}
        yield route, {**values, **_content(route), "route": named}
    for template in ERROR_TEMPLATES:
        if template in theme.templates:
            route = Route(name="error", path="/", template=template, status=404)
            yield route, {**values, "page": None, "error": dict(samples.ERROR)}
            return


def _content(route: Route) -> dict[str, Any]:
    if route.search is not None:
        return {"page": None, "search": dict(samples.SEARCH)}
    if route.terms is not None:
        return {"page": None, "terms": dict(samples.TERMS)}
    if route.query is None and route.kind == "site":
        return {"page": None}
    if route.query is None:
        return {"page": dict(samples.PAGE if route.kind != "section" else samples.SECTION)}
    page = {"page": samples.PAGE, "section": samples.SECTION}.get(route.kind or "")
    return {"page": page and dict(page), "list": dict(samples.LIST)}


def _shown(theme: MountedTheme, route: Route, values: Mapping[str, Any], body: str) -> Preview:
    file = f"{route.name}{_ending(route.content_type.partition(';')[0])}"
    text = body if values["page"] else ""
    try:
        return Preview(file, written(theme, route, values, text))
    except ThemeFault as fault:
        return Preview(file, problem=str(fault))


def _ending(content_type: str) -> str:
    """XML and JSON by whatever name they go."""
    form = content_type.rpartition("/")[2].rpartition("+")[2]
    return ENDINGS.get(content_type) or (f".{form}" if form in ("xml", "json") else ".txt")


def _told(problem: str) -> str:
    return FRAME.format(title="It failed", body=f"<pre>{escape(problem)}</pre>")


def _apart(previews: Iterable[Preview]) -> Iterator[Preview]:
    """Each in a file of its own. No route's name begins with what is put before one."""
    taken = {INDEX}
    for each in previews:
        file = f"_{each.file}" if each.file in taken else each.file
        taken.add(file)
        yield replace(each, file=file)
