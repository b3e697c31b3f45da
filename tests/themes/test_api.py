"""The bundled JSON says what pages say, exactly, in the shape that it publishes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apps.content.rendering import Renderer
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Front
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.replies import Reply
from apps.delivery.wsgi import EnvironIncoming, ask_plainly
from apps.runtime.workers import Workers
from tests.sites import Site, SiteRepository, body
from tests.themes import stage

CONFIG = """
[whispercms]
title = "A \\"test\\" site"
base_url = "https://station.example"
taxonomies = ["tags"]
[[whispercms.themes]]
id = "plain"
[[whispercms.themes]]
id = "feed"
mount = "/feed/"
[[whispercms.themes]]
id = "api"
mount = "/api/"
settings = { meta = ["level", "absent", "level"] }
"""
PROBLEM, PLAIN = "application/problem+json", "text/plain; charset=utf-8"
HOSTS = Hosts(("example.org",), lambda: None)
LAYOUT = 'layout = "jekyll"\ntitle'
FILES = {
    "config.toml": CONFIG,
    "content/_index.md": "---\ntitle: Welcome\n---\nThe *front* page.\n",
    "content/about.md": "---\ntitle: About\naliases: [who]\n---\nText.\n",
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/posts/first.md": "---\ntitle: First\ndate: 2019-01-01\n---\nX.\n",
    "content/posts/gone.md": "---\ntitle: Gone\nredirect_to: /posts/\n---\n",
    **{
        f"content/posts/{n}.md": f"---\ntitle: Post {n} </script>\ndate: 2020-01-{n + 1:02}\n"
        f"tags: [rust]\nlevel: {n}\nsecret: x\n---\nText of *{n}*.\n"
        for n in range(21)
    },
}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("api")
    repository = SiteRepository(folder / "remote.git")
    repository.commit(FILES)
    site = Site(repository, folder / "node", workers, renderer)
    assert site.sync().problems == ()
    yield site
    site.stop()


def decoded(reply: Reply) -> Any:
    return json.loads(body(reply))


def test_every_kind_of_address_has_its_json(served: Site) -> None:
    schema = decoded(served.get("/api/schema.json"))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    found = {}
    for path in (
        *("/api/", "/api/page/2/", "/api/about/", "/api/posts/", "/api/posts/page/2/"),
        *("/api/posts/3/", "/api/tags/", "/api/tags/rust/", "/api/tags/rust/page/2/"),
        *("/api/archive/", "/api/site.json", "/api/search/"),
    ):
        reply = served.get(path, query="q=text" if "search" in path else "")
        assert (reply.status, reply.header("content-type")) == (200, "application/json"), path
        found[path] = decoded(reply)
        assert sorted(error.message for error in check.iter_errors(found[path])) == [], path
    page = found["/api/posts/3/"]
    assert page["page"]["title"] == "Post 3 </script>" and page["url"] == "/posts/3/"
    assert page["page"]["body"] == "<p>Text of <em>3</em>.</p>\n"
    assert page["page"]["meta"] == {"level": 3}, "what nobody named stays here"
    assert page["previous"]["api"] == "/api/posts/4/" and page["next"]["api"] == "/api/posts/2/"
    term = {"taxonomy": "tags", "name": "rust", "url": "/tags/rust/", "api": "/api/tags/rust/"}
    assert page["page"]["terms"] == [term] and page["facts"] == {"reading_minutes": 1}
    assert found["/api/"]["page"]["body"] == "<p>The <em>front</em> page.</p>\n"
    assert found["/api/site.json"]["title"] == 'A "test" site'
    hits = found["/api/search/"]["list"]
    assert hits["total"] == 22 and hits["next"] == "/api/search/?q=text&page=2"
    assert {"text": "Text", "marked": True} in hits["items"][0]["snippet"]
    last = found["/api/posts/page/2/"]["list"]
    assert (last["page"], last["pages"], last["total"]) == (2, 2, 22)
    assert (last["previous"], last["next"]) == ("/api/posts/", None)
    assert [item["title"] for item in last["items"]] == ["Post 0 </script>", "First"]
    assert "body" not in last["items"][0]


def test_a_page_that_is_named_as_a_file_is_so_here_too(
    repository: SiteRepository, site: Site
) -> None:
    page = "---\ntitle: Named\npermalink: /old/name.html\n---\nText.\n"
    repository.commit(
        {"config.toml": CONFIG.replace("title", LAYOUT, 1), "_posts/x.md": "", "a.md": page}
    )
    site.sync()
    assert decoded(site.get("/api/old/name.html"))["url"] == "/old/name.html"
    assert site.get("/api/old/name/").header("location") == "/api/old/name.html"


def test_what_is_not_there_is_a_problem_in_json(served: Site) -> None:
    check = Draft202012Validator(decoded(served.get("/api/schema.json")))
    for path in ("/api/none/", "/api/posts/page/9/", "/api/tags/none/"):
        reply = served.get(path)
        assert (reply.status, reply.header("content-type")) == (404, "application/problem+json")
        assert check.is_valid(decoded(reply)) and decoded(reply)["status"] == 404
    assert served.get("/none/").header("content-type") == "text/html; charset=utf-8"


def test_so_is_what_cannot_be_read(served: Site) -> None:
    check = Draft202012Validator(decoded(served.get("/api/schema.json")))
    kinds = {"/api/\x01": PROBLEM, "/api/" + "x" * 5000: PROBLEM, "/\x01": PLAIN, "api": PLAIN}
    for front in (
        Front(served.live),
        Front(served.live, cache=ResponseCache(2**20), ingress=Ingress(HOSTS)),
    ):
        for path, kind in kinds.items():
            environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "example.org"}
            reply = through_wsgi(front, environ)
            assert (reply.status // 100, reply.header("content-type")) == (4, kind), path[:9]
            assert kind == PLAIN or check.is_valid(decoded(reply))


def through_wsgi(front: Front, environ: dict[str, Any]) -> Reply:
    incoming, plain = EnvironIncoming(environ), front.plain()
    found = ask_plainly(plain, environ) if plain else None
    return found or (front.quick(incoming) or front.answer(incoming)).reply


def test_old_addresses_lead_to_the_json_of_the_new_ones(served: Site) -> None:
    for path, target in (
        *(("/api/who/", "/api/about/"), ("/api/who", "/api/about/")),
        *(("/api/posts/gone/", "/api/posts/"), ("/api/posts", "/api/posts/")),
        *(("/api", "/api/"), ("/who/", "/about/")),
    ):
        reply = served.get(path)
        assert (reply.status, reply.header("location")) == (301, target), path


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.floats(width=32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=30, deadline=None)
@given(st.text(), st.dictionaries(st.text(), VALUES, max_size=4))
def test_any_title_and_front_matter_survive(title: str, meta: dict[str, Any]) -> None:
    page = stage.page(title=title, description=title, meta=meta, authors=[title])
    values = stage.context("api", page=page, body=title, metadata=meta)
    values["settings"] = {"meta": ["*"], "full_text": False}
    values["route"] |= {"url": "/api/posts/river/", "mount": "/api/"}
    made = json.loads(stage.render("api", "page.json", values))
    told = made["page"]
    assert told["title"] == told["description"] == told["body"] == title
    assert told["authors"] == [title]
    numberless = json.loads(
        json.dumps(meta), parse_constant=lambda _: None, parse_float=lambda text: float(text)
    )
    assert told["meta"] == made["facts"] == numberless
    validator(stage.render("api", "schema.json", stage.context("api"))).validate(made)


def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))
