"""A theme writes the page, and what plugins change never costs a visitor the page."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.extensions.acceptance import Accept, Accepted, accept
from apps.extensions.containment.containment import Containment
from apps.extensions.manifests import ThemeManifest
from apps.extensions.proposals import Patch, PatchOperation, Proposal, Transform
from apps.extensions.registry import MountedTheme
from apps.extensions.themes import UNWRITABLE, Draft, Page, apply
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

RULES = Accept(transforms=("main *",), json=("/**",))
MANIFEST: dict[str, Any] = {"id": "tried", "version": "1.0.0", "requires": ">=1.0,<2"}
TEMPLATES = {"a.html": "<main>{{ body }}</main>", "a.json": '{"title": {{ title|tojson }}}'}
PAGE = "<div>" * 400 + "</div>" * 400
Pools = list[WorkerPool]


@pytest.fixture
def pools() -> Iterator[Pools]:
    made: Pools = []
    yield made
    for pool in made:
        pool.close()


def mounted(workers: Workers, pools: Pools, limits: Limits) -> MountedTheme:
    setup = {"theme": "tried", "templates": TEMPLATES, "assets": {}, "settings": {}}
    entry = "apps.extensions.sandbox.template_worker"
    pool = workers.pool(WorkerSpec(name="theme:tried", entry=entry, setup=setup, limits=limits))
    pools.append(pool)
    routes = [{"name": "a", "path": "/", "template": "a.html"}]
    return MountedTheme(
        id="tried",
        mount="/",
        manifest=ThemeManifest.model_validate(MANIFEST | {"routes": routes}),
        accept=RULES,
        settings={},
        templates=frozenset(TEMPLATES),
        assets={},
        identity="",
        pool=pool,
    )


def taken(*proposals: Proposal) -> Accepted:
    accepted, dropped = accept({"p": proposals}, RULES, ["p"])
    assert dropped == ()
    return accepted


def written(
    theme: MountedTheme,
    template: str,
    accepted: Accepted,
    body: str = "",
    *,
    containment: Containment | None = None,
) -> Draft:
    route = theme.manifest.routes[0].model_copy(update={"template": template})
    context = {"title": "T"}
    return apply(
        theme,
        route,
        context,
        page=Page("/a/", body),
        accepted=accepted,
        containment=containment or Containment(),
    )


def test_transforms_and_patches_are_told_apart_when_they_are_dropped(
    workers: Workers, pools: Pools
) -> None:
    theme = mounted(workers, pools, Limits(wall_seconds=3.0, cpu_seconds=1.0))
    change = Transform("p", "add_class", {"name": "z"})
    patch = Patch((PatchOperation("add", "/words", value=7),))
    missing = Patch((PatchOperation("remove", "/none"),))
    accepted = taken(missing, change, patch)
    draft = written(theme, "a.json", accepted)
    assert draft.text == '{"title":"T","words":7}'
    assert [each.proposal for each in draft.dropped] == [change, missing]
    draft = written(theme, "a.html", accepted, "<p></p>")
    assert draft.text == '<main><p class="z"></p></main>'
    assert [each.proposal for each in draft.dropped] == [missing, patch]
    assert all(each.by == "p" and each.reason for each in draft.dropped)


def test_the_page_is_there_when_the_worker_does_not_survive_its_changes_and_the_theme_not_blamed(
    workers: Workers, pools: Pools
) -> None:
    """Within the counted bound, but far beyond what this worker may use."""
    theme = mounted(workers, pools, Limits(wall_seconds=5.0, cpu_seconds=0.03))
    hostile = Transform("*", "add_class", {"name": "z"})
    body = PAGE * 60
    containment = Containment()
    draft = written(theme, "a.html", taken(*[hostile] * 64), body, containment=containment)
    assert containment.statuses()["theme:tried/a.html"].failures == 0
    assert containment.statuses()["plugin:p"].state == "open"
    assert draft.text == f"<main>{body}</main>"
    assert [(each.by, each.reason) for each in draft.dropped] == [("p", UNWRITABLE)] * 64
    assert all(each.unwritable for each in draft.dropped)
    assert written(theme, "a.html", Accepted(), "x").text == "<main>x</main>"


def test_nobody_is_blamed_for_the_changes_of_several(workers: Workers, pools: Pools) -> None:
    theme = mounted(workers, pools, Limits(wall_seconds=5.0, cpu_seconds=0.03))
    hostile = Transform("*", "add_class", {"name": "z"})
    accepted, _ = accept({"p": [hostile] * 64, "q": [hostile]}, RULES, ["p", "q"])
    containment = Containment()
    written(theme, "a.html", accepted, PAGE * 60, containment=containment)
    assert all(status.state == "closed" for status in containment.statuses().values())


def test_changes_that_are_too_large_to_be_sent_are_left_out(workers: Workers, pools: Pools) -> None:
    theme = mounted(workers, pools, Limits(wall_seconds=5.0, cpu_seconds=1.0, request_bytes=10_000))
    large = [Transform("p", "append_html", {"html": "x" * 4_000})] * 4
    draft = written(theme, "a.html", taken(*large), "<p></p>")
    assert draft.text == "<main><p></p></main>"
    assert {each.reason for each in draft.dropped} == {UNWRITABLE}
