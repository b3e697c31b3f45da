"""Pages that are JSON: plugins patch them where the theme says so, from Lua to the visitor."""

import orjson

from tests.delivery.extending import config, lock, plugin, served, theme, traced
from tests.sites import Site, SiteRepository, body

ROUTES = """
[[routes]]
name = "document"
kind = "page"
path = "/{path}/"
template = "document.json"
content_type = "application/json"
"""
TEMPLATE = '{"title": {{ page.title|tojson }}, "meta": {}, "version": 1}'
FIRST = """
propose.patch({ { op = "add", path = "/meta/words", value = { 1, "two", true } } })
propose.patch({ { op = "add", path = "/meta/lost", value = 1 }, { op = "remove", path = "/none" } })
propose.patch({ { op = "replace", path = "/title", value = "Mine" } })
propose.transform("main p", { op = "remove" })
"""
SECOND = """
propose.patch({
  { op = "test", path = "/meta/words/0", value = 1 },
  { op = "move", from = "/meta/words", path = "/meta/seen" },
})
"""


def test_patches_reach_the_visitor_and_what_is_dropped_is_told_with_its_reason(
    repository: SiteRepository, site: Site
) -> None:
    rights = ("propose:patch", "propose:transform")
    served(
        repository,
        site,
        {"config.toml": config("first", "second", themes={"/": "own"})},
        theme(
            "own",
            accept='json = ["/meta/**", "/none"]\ntransforms = ["main *"]',
            routes=ROUTES,
            document_json=TEMPLATE,
        ),
        plugin("first", FIRST, *rights),
        plugin("second", SECOND, "propose:patch"),
        lock(first=rights, second=("propose:patch",)),
    )
    reply, trace = traced(site, "/one/")
    assert reply.header("content-type") == "application/json"
    assert orjson.loads(body(reply)) == {
        "title": "One",
        "meta": {"seen": [1, "two", True]},
        "version": 1,
    }
    assert trace.failed == set()
    reasons = [(step.by, step.detail) for step in trace.steps if step.what == "dropped"]
    assert [by for by, _ in reasons] == ["first"] * 3
    assert reasons[0][1] == '[accept] json of the theme does not name "/title"'
    assert reasons[1][1] == "only HTML can be transformed"
    assert "none" in reasons[2][1]
