"""Which events a page sends, what each of them shows, and what may be proposed at it."""

from tests.delivery.extending import ACCEPT, METADATA, config, lock, plugin, served, theme, traced
from tests.sites import Site, SiteRepository, body

HEADER, STATUS, REQUEST, RESPONSE = (
    "propose:header",
    "propose:status",
    "read:request",
    "read:response",
)


DOCUMENT = "{{ metadata.at | default }}|{{ metadata.title | default }}"


def serve(
    repository: SiteRepository, site: Site, *capabilities: str, accept: str = ACCEPT, **topics: str
) -> None:
    """A site with one plugin, granted all that it declares."""
    top = {"config.toml": config("tells", themes={"/": "own"})}
    tells = plugin("tells", "", *capabilities, **topics)
    own = theme("own", accept=accept, document_html=DOCUMENT)
    served(repository, site, top, own, tells, lock(tells=capabilities))


def test_a_page_tells_of_the_request_and_of_its_document_in_this_order(
    repository: SiteRepository, site: Site
) -> None:
    serve(
        repository,
        site,
        *(METADATA, REQUEST, "read:content.meta"),
        content_resolved='propose.metadata("at", "resolved")'
        ' propose.metadata("title", event.content.title)',
        request_received='propose.metadata("at", event.request.path)'
        ' propose.metadata("title", tostring(event.content))',
    )
    assert site.text("/one/") == "resolved|One"


def test_a_request_is_told_where_there_is_no_document(
    repository: SiteRepository, site: Site
) -> None:
    serve(
        repository,
        site,
        *(STATUS, HEADER, REQUEST),
        accept='status = true\nheaders = ["location", "x-*"]',
        request_received='if event.request.path == "/moved/" then\n'
        'propose.status(301) propose.header("location", "/one/") end\n'
        'propose.header("x-seen", event.request.path)',
    )
    moved = site.get("/moved/")
    assert (moved.status, moved.header("location")) == (301, "/one/")
    missing = site.get("/nowhere/")
    assert (missing.status, missing.header("x-seen")) == (404, "/nowhere/")
    assert body(missing) == b"Page not found"
    assert site.get("/").header("x-seen") == "/"


def test_redirects_and_files_ask_nobody(repository: SiteRepository, site: Site) -> None:
    serve(repository, site, HEADER, accept=ACCEPT, request_received='propose.header("x-a", "1")')
    redirect = site.get("/one")
    assert (redirect.status, redirect.header("x-a")) == (301, None)


def test_a_written_page_shows_its_envelope_and_takes_one_back(
    repository: SiteRepository, site: Site
) -> None:
    serve(
        repository,
        site,
        *(STATUS, HEADER, RESPONSE),
        content_resolved='propose.header("x-a", "early") propose.status(201)',
        response_prepared="local response = event.response\n"
        'propose.header("x-seen", response.status .. " " .. response.headers["x-a"]'
        ' .. " " .. response.headers["content-type"])\n'
        'propose.header("x-a", "late") propose.status(202)',
    )
    reply, trace = traced(site, "/one/")
    assert reply.status == 202
    assert [step.detail for step in trace.steps] == ["overridden by tells"] * 2
    assert reply.header("x-seen") == "201 early text/html; charset=utf-8"
    assert reply.header("x-a") == "late"


def test_what_is_out_of_phase_is_an_error_and_ends_the_turn(
    repository: SiteRepository, site: Site
) -> None:
    serve(
        repository,
        site,
        *(HEADER, METADATA),
        response_prepared='propose.header("x-a", "1") propose.metadata("at", "late")',
    )
    reply, trace = traced(site, "/one/")
    assert (reply.status, reply.header("x-a")) == (200, None)
    assert [(step.by, step.what, step.detail) for step in trace.steps] == [
        ("tells", "failed", "line 2: propose.metadata is out of phase in response.prepared")
    ]
