"""Runs the cases of a theme in its confined worker: page in, HTML out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from apps.content.rendering import Renderer
from apps.extensions.acceptance import Accepted
from apps.extensions.containment.containment import Containment
from apps.extensions.loading import mounted_theme
from apps.extensions.manifests import ThemeManifest, check_settings
from apps.extensions.registry import MountedTheme
from apps.extensions.routes import Route
from apps.extensions.settling import Ready
from apps.extensions.themes import Page, ThemeFault, apply
from apps.extensions.workshop import samples
from apps.extensions.workshop.bodies import Selectors, rendered
from apps.extensions.workshop.cases import Expected, Placed, ThemeCase
from apps.extensions.workshop.checking import spec_of
from apps.extensions.workshop.results import Result, refusal
from apps.runtime.workers import Workers

SHOWN = 60
"""Characters of a page that stand beside what was looked for."""


def try_theme(
    theme: Ready, cases: Sequence[Placed], workers: Workers, renderer: Renderer
) -> list[Result]:
    given = [(placed, c) for placed in cases if isinstance(c := placed.case, ThemeCase)]
    bodies = rendered([case.markdown for _, case in given], renderer)
    pool = workers.pool(replace(spec_of(theme), size=1))
    mounted = mounted_theme(theme, pool)
    try:
        with closing(Selectors(workers)) as selectors:
            return [
                Result(
                    path=placed.path,
                    line=placed.line,
                    name=case.name,
                    failures=tuple(_failures(mounted, case, case.html or body or "", selectors)),
                )
                for (placed, case), body in zip(given, bodies, strict=True)
            ]
    finally:
        pool.close()


def route_of(manifest: ThemeManifest, case: ThemeCase) -> Route | None:
    if case.template is not None:
        return Route(name="case", path="/", template=case.template)
    return next((route for route in manifest.routes if route.name == case.route), None)


def written(theme: MountedTheme, route: Route, values: Mapping[str, Any], body: str) -> str:
    """The page. Raises ThemeFault."""
    page = Page("/", body)
    alone = Containment()
    return apply(theme, route, values, page=page, accepted=Accepted(), containment=alone).text


def _failures(
    theme: MountedTheme, case: ThemeCase, body: str, selectors: Selectors
) -> Iterator[str]:
    settings, wrong = check_settings(theme.manifest, case.settings)
    yield from (f"settings: {each}" for each in wrong)
    route = route_of(theme.manifest, case)
    if wrong or route is None:
        if route is None:
            yield f"the manifest has no route {case.route!r}"
        return
    try:
        text = written(theme, route, _values(case, settings, route), body)
    except ThemeFault as fault:
        yield from refusal(case.refused, [str(fault)]) if case.refused else [str(fault)]
        return
    if case.refused:
        yield from refusal(case.refused, [])
    yield from _unlike(text, case.expect, selectors)


def _values(case: ThemeCase, settings: Mapping[str, Any], route: Route) -> dict[str, Any]:
    """Sections that the case does not name are as a document's page has them."""
    values = samples.template_values(settings)
    values["site"] = {**values["site"], **case.site}
    values["route"] = {"name": route.name, "params": {}, "url": "/", "mount": "/"}
    values["metadata"] = case.metadata
    if case.page is not None:
        values["page"] = {**samples.PAGE, **case.page}
    if case.list_ is not None:
        items = case.list_.get("items", samples.LIST["items"])
        listed = [{**samples.PAGE, "terms": [], **item} for item in items]
        values["list"] = {**samples.LIST, **case.list_, "items": listed}
        values["page"] = values["page"] if case.page is not None else None
    if case.terms is not None:
        values |= {"terms": {**samples.TERMS, **case.terms}, "page": None}
    if case.search is not None:
        values |= {"search": {**samples.SEARCH, **case.search}, "page": None}
    values["around"] = {**samples.AROUND, **case.around}
    if case.error is not None:
        values |= {"error": {**samples.ERROR, **case.error}, "page": None}
    return values


def _unlike(text: str, expected: Expected, selectors: Selectors) -> Iterator[str]:
    for wanted in expected.contains:
        if wanted not in text:
            yield f"the page does not contain {wanted!r}"
    for unwanted in expected.lacks:
        if (at := text.find(unwanted)) >= 0:
            around = text[max(0, at - SHOWN) : at + len(unwanted) + SHOWN]
            yield f"the page contains {unwanted!r}, in {' '.join(around.split())!r}"
    for selector, number in expected.count.items():
        found = selectors.count(text, selector)
        if isinstance(found, str):
            yield found
        elif found != number:
            yield f"{selector!r} matches {found} times, not {number}"
