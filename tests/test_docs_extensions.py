"""What is written for authors of themes and plugins holds, and their examples run as they stand."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from apps.content.bounds import MAX_REWRITING, MAX_TRANSFORMS
from apps.content.configuration import Table
from apps.content.queries import bounds
from apps.content.queries.decoding import GROUPS, OPERATORS
from apps.content.queries.names import field_named
from apps.content.queries.tree import COLUMNS, Field, Kind, fields_in
from apps.delivery import context
from apps.delivery.observation import Found, Observation, observe
from apps.delivery.requests import PageRequest
from apps.extensions import capabilities, limits, plugins, proposals, specs
from apps.extensions.configuration import PluginChoice, ThemeMount
from apps.extensions.manifests import AcceptTable, PluginManifest, ThemeManifest, parse_manifest
from apps.extensions.queries import Query
from apps.extensions.routes import Route
from apps.extensions.sandbox.lua_worker import open as open_plugin
from apps.extensions.settings_schema import Setting
from apps.extensions.workshop.cases import Expected, PluginCase, ThemeCase
from apps.extensions.workshop.creating import begin
from tests import docs
from tests.delivery.extending import lock
from tests.sites import Site, SiteRepository
from whispercms.management.commands.extension import all_verbs

FRONT = re.compile(r"""front(?:\.get\(|, )"([a-z_]+)"|^\s+\w+=_first_date\(front, (.+)\),$""", re.M)
FRONT_READERS = ("documents", "timing", "menus", "types", "layouts/own")
CONTENT = docs.ROOT / "apps" / "content"
LONG_READ = """
[[whispercms.plugins]]
id = "long-read"
settings = { words = 3 }
"""
ASKED = ("read:content.text", "propose:metadata", "propose:transform")
FIELD = """
[[whispercms.themes]]
id = "field"
settings = { footer = "Written outdoors." }
"""


def example(name: str, enabling: str) -> dict[str, str]:
    """The site of a page's ten minutes, with what they enable."""
    files = docs.named_files(name)
    return {**files, "config.toml": files["config.toml"] + enabling}


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize(
    ("name", "heading", "model"),
    [
        ("themes.md", "The manifest", ThemeManifest),
        ("themes.md", "Accept", AcceptTable),
        ("themes.md", "Settings", Setting),
        ("themes.md", "Routes", Route),
        ("plugins.md", "The manifest", PluginManifest),
        ("sites.md", "The table `[whispercms]`", Table),
    ],
)
def test_the_keys_of_tables_are_told(name: str, heading: str, model: type[BaseModel]) -> None:
    assert set(docs.first_codes(docs.table(name, heading))) == keys(model)


def test_the_keys_of_a_query_are_told() -> None:
    rows = docs.table("themes.md", "Query")
    assert set(docs.first_codes(rows)) == keys(Query) - {"filters"}


def test_the_fields_and_operators_of_queries_are_told() -> None:
    fields = set(docs.first_codes(docs.table("themes.md", "Queries")))
    assert {name for name in fields if name in COLUMNS} == set(COLUMNS)
    for name in fields:
        assert field_named(name)
    told = set(docs.first_codes(docs.table("themes.md", "Queries", 1)))
    assert told == {*OPERATORS, *GROUPS}


def test_the_query_of_the_example_is_one() -> None:
    (text,) = docs.FENCE.findall(docs.part(docs.read("themes.md"), "Queries"))
    manifest = parse_manifest("theme", "a", f'id = "a"\nversion = "1"\nrequires = ">=1"\n{text}')
    assert isinstance(manifest, ThemeManifest)
    query = manifest.routes[0].query
    assert query and [str(order) for order in query.order] == ["-meta.level", "title"]
    assert Field(Kind.META, "level") in fields_in(query.tree)


def test_the_bounds_of_queries_are_the_constants() -> None:
    text = docs.part(docs.read("themes.md"), "Queries")
    for words in (
        f"up to {bounds.PATH_PARTS} keys deep",
        f"up to {bounds.TEXT} characters can be compared, and {bounds.FIELDS} values",
        f"at most {bounds.DEPTH} levels and {bounds.PARTS} conditions",
        f"a list of values {bounds.CHOICES}",
    ):
        assert words in " ".join(text.split())
    sizes = next(row[2] for row in docs.table("themes.md", "Query") if row[0] == "`page_size`")
    most = (bounds.PAGE_SIZE, bounds.BRIEF_PAGE_SIZE, limits.BODIES)
    assert sizes == "from 1 to {}, to {} with `brief`, to {} with `bodies`".format(*most)


def test_the_keys_of_choices_are_told() -> None:
    rows = {row[0]: row[2] for row in docs.table("sites.md", "The table `[whispercms]`")}
    assert set(docs.codes(rows["`themes`"])) == keys(ThemeMount)
    assert set(docs.codes(rows["`plugins`"])) == keys(PluginChoice)


def test_the_keys_of_front_matter_are_told() -> None:
    told = set(docs.first_codes(docs.table("sites.md", "Front matter")))
    source = "".join((CONTENT / f"{name}.py").read_text() for name in FRONT_READERS)
    read = {key for key, _ in FRONT.findall(source) if key} - {"taxonomies"}
    read |= {key for _, many in FRONT.findall(source) for key in re.findall(r'"(\w+)"', many)}
    assert told - {"tags"} == read


def test_the_capabilities_are_those_of_the_one_table() -> None:
    told = [
        (docs.codes(name)[0], tuple(docs.codes(calls)), words, docs.codes(action)[0])
        for name, calls, words, action in docs.table("plugins.md", "Capabilities")
    ]
    assert told == [(row.name, row.calls, row.words, row.action) for row in capabilities.TABLE]
    for header in capabilities.SECRET_HEADERS:
        assert f"`{header}`" in docs.part(docs.read("plugins.md"), "Capabilities")


def test_the_events_and_their_phases_are_told() -> None:
    told = {
        topic: () if phase == "none" else tuple(phase.split(", "))
        for names, _, phase in docs.table("plugins.md", "Events")
        for topic in docs.codes(names)
    }
    assert told == capabilities.TOPICS


def test_the_operations_of_transforms_are_told() -> None:
    rows = docs.table("plugins.md", "Proposals", 1)
    assert {docs.codes(op)[0]: tuple(docs.codes(args)) for op, args in rows} == dict(
        proposals.OPERATIONS
    )


def test_the_operations_of_patches_are_told() -> None:
    rows = docs.table("plugins.md", "Proposals", 2)
    assert {docs.codes(op)[0]: tuple(docs.codes(fields)) for op, fields in rows} == dict(
        proposals.PATCH_OPERATIONS
    )


def test_the_bounds_of_plugins_are_the_constants() -> None:
    values = [value for _, value in docs.table("plugins.md", "Limits")]
    bounds: list[float] = [limits.SOURCE_BYTES, limits.INSTRUCTIONS, limits.LUA_MEMORY]
    bounds += [specs.PLUGIN_LIMITS.cpu_seconds, plugins.PHASE_SECONDS, limits.PROPOSALS]
    bounds += [limits.HTML_BYTES]
    assert [docs.number(value) for value in values[:7]] == bounds
    tree = (limits.RESULT_BYTES // limits.KIB, limits.RESULT_NODES, limits.RESULT_DEPTH)
    assert values[7] == "{} KiB, {:,} parts, {} levels".format(*tree)
    assert values[8] == f"{limits.ARGUMENT_BYTES:,} bytes"
    assert values[9:12] == [
        str(limits.PATCH_OPERATIONS),
        f"{limits.POINTER} bytes",
        "{} KiB, {:,} parts".format(*tree),
    ]
    bounds = [limits.PATCHED_BYTES, MAX_TRANSFORMS, MAX_REWRITING, limits.PATCHING_WORK]
    bounds += [limits.HEADERS_BYTES]
    assert [docs.number(value) for value in values[12:]] == bounds


def lua(source: str) -> dict[str, Any]:
    setup = {"id": "probe", "source": source, "settings": {}, "capabilities": [], "seed": "00"}
    (reply,) = open_plugin({"plugins": [setup]})({"check": True})["replies"]
    return dict(reply)


def test_the_names_in_the_sandbox_are_told() -> None:
    text = docs.part(docs.read("plugins.md"), "The sandbox")
    for name in docs.codes(text.partition("|")[0]):
        assert lua(f"local here = {name}")["outcome"] == "ok", name
    for cell, _ in docs.table("plugins.md", "The sandbox"):
        for name in {*docs.codes(cell)} - {"tostring", "pairs", "%p"}:
            used = f"{name}()" if "." in name else f"local here = {name}"
            assert lua(used)["outcome"] == "error", name


def test_the_theme_of_the_example_writes_its_pages(repository: SiteRepository, site: Site) -> None:
    repository.commit(example("themes.md", FIELD))
    report = site.sync()
    assert (report.state, report.problems) == ("applied", ())
    page = site.text("/hello/")
    assert "<h1>Hello</h1>" in page and "26 March 2026" in page and "<p>The first note.</p>" in page
    assert 'href="/tags/first/"' in page.replace("&#x2f;", "/")
    assert "<footer>Written outdoors.</footer>" in page
    for path in ("/", "/tags/first/"):
        assert "Hello</a></li>" in site.text(path)
    assert site.get("/nowhere/").status == 404
    assert "<h1>Page not found</h1>" in site.text("/nowhere/")
    style = re.search(r'href="([^"]+style\.css)"', page.replace("&#x2f;", "/"))
    assert style and site.get(style[1]).header("content-type") == "text/css; charset=utf-8"


def test_a_mistake_in_a_template_is_told_with_its_place(
    repository: SiteRepository, site: Site
) -> None:
    files = example("themes.md", FIELD)
    repository.commit(files)
    site.sync()
    name = "themes/field/templates/page.html"
    repository.commit({name: files[name] + "{% if %}"})
    report = site.sync()
    assert report.state == "refused"
    assert [(p.path, p.code) for p in report.problems] == [(name, "template.error")]
    assert "<h1>Hello</h1>" in site.text("/hello/")


def test_the_plugin_of_the_example_changes_the_page(repository: SiteRepository, site: Site) -> None:
    files = example("plugins.md", LONG_READ)
    repository.commit({**files, **lock(**{"long-read": ASKED})})
    report = site.sync()
    assert (report.state, report.problems) == ("applied", ())
    assert "<small>a long read</small></h1>" in site.text("/hello/")
    repository.commit({"config.toml": files["config.toml"].replace("words = 3", "words = 99")})
    site.sync()
    assert "a long read" not in site.text("/hello/")


def test_the_plugin_of_the_example_is_refused_without_its_grant(
    repository: SiteRepository, site: Site
) -> None:
    files = example("plugins.md", LONG_READ)
    repository.commit(files)
    assert [problem.code for problem in site.sync().problems] == ["lock.not-granted"]


def found_at(site: Site, path: str) -> tuple[Found, Any]:
    served = site.live.current()
    request = PageRequest("GET", path, "", (), "id")
    found = observe(request, served.observing).found
    assert found is not None
    return found, served


def test_what_a_template_sees_is_told(repository: SiteRepository, site: Site) -> None:
    repository.commit(example("themes.md", FIELD))
    site.sync()
    found, served = found_at(site, "/")
    rows = docs.table("themes.md", "Templates")
    values = context.template_context(found, served.context, served.routes, {})
    assert set(docs.first_codes(rows)) == {*values, "body"}
    told = {row[0].strip("`"): set(docs.codes(row[1])) for row in rows}
    assert told["list"] >= values["list"].keys()
    assert told["around"] == {*values["around"], *("title", "url", "date", "description", "total")}
    assert told["site"] >= served.context.values.keys()
    page = values["list"]["items"][0]
    assert set(docs.first_codes(docs.table("themes.md", "Templates", 1))) == page.keys()
    error = context.error_context(context.PageError(404, "", "", ""), served.context, {})
    assert error.keys() == values.keys() and told["error"] == error["error"].keys()


def test_what_a_plugin_sees_is_told(repository: SiteRepository, site: Site) -> None:
    repository.commit(docs.named_files("plugins.md"))
    site.sync()
    found, served = found_at(site, "/hello/")
    observation = Observation(PageRequest("GET", "/", "", (), "id"), found, ())
    event = context.event(observation, served.context, served.routes, ())
    told = {
        row[0].strip("`"): set(docs.codes(row[1])) for row in docs.table("plugins.md", "Events", 1)
    }
    assert told["event.site"] == event["site"].keys()
    assert told["event.request"] == event["request"].keys() - {"headers"}
    assert told["event.content"] == event["content"].keys() - {"body"}
    calls = {name.partition("(")[0] for name in told}
    assert {call for call in capabilities.CALLS if call.startswith("event.")} == calls


def test_the_verbs_of_authors_are_told() -> None:
    told = {code.split()[0] for code in docs.first_codes(docs.table("plugins.md", "Commands"))}
    assert {"new", "check", "test", "preview", "trace", "dryrun"} <= told
    assert told <= set(all_verbs())


@pytest.mark.parametrize(("name", "model"), [("plugins.md", PluginCase), ("themes.md", ThemeCase)])
def test_the_keys_of_cases_are_told(name: str, model: type[BaseModel]) -> None:
    assert set(docs.first_codes(docs.table(name, "Cases"))) == keys(model)
    if model is ThemeCase:
        rows = {row[0]: row[2] for row in docs.table(name, "Cases")}
        assert set(docs.codes(rows["`expect`"])) == keys(Expected)


@pytest.mark.parametrize("kind", ["plugin", "theme"])
def test_what_is_begun_stands_in_the_docs(kind: Literal["plugin", "theme"], tmp_path: Path) -> None:
    name = {"plugin": "long-read", "theme": "field"}[kind]
    folder = begin(kind, name, tmp_path)
    told = docs.named_files(f"{kind}s.md")
    for path in folder.rglob("*"):
        if path.is_file():
            assert told[path.relative_to(tmp_path).as_posix()] == path.read_text(), path
