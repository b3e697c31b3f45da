"""Every page of a site has an address that is found without asking for each."""

from apps.content.catalogue import catalogue
from apps.delivery.observation import observe
from apps.delivery.requests import PageRequest
from apps.delivery.trying.addresses import MISSING, addresses, further
from tests.delivery.extending import ROUTES, config, served, theme
from tests.sites import Site, SiteRepository

MORE = """
[[routes]]
name = "tag"
path = "/tags/{term}/"
template = "list.html"
query = { tags = "{term}" }
[[routes]]
name = "all"
path = "/all/"
template = "list.html"
query = { order = "title" }
[[routes]]
name = "two"
path = "/by/{a}/{b}/"
template = "list.html"
query = { tags = "{a}", section = "{b}" }
"""
BESIDE = """
[[routes]]
name = "page"
kind = "page"
path = "/{path}/"
document = "/{path}/"
template = "document.html"
[[routes]]
name = "map"
path = "/map-{page}.xml"
template = "list.html"
query = { order = "url", page_size = 1 }
[[routes]]
name = "all"
path = "/all/"
template = "list.html"
query = { order = "url", page_size = 1 }
"""


def test_documents_sections_terms_and_fixed_routes_are_named(
    repository: SiteRepository, site: Site
) -> None:
    page = {"content/a/b/three.md": "---\ntitle: Three\ntags: [x]\n---\n"}
    themes = {"/": "mine", "/feed/": "feed"}
    served(
        repository,
        site,
        {"config.toml": config(themes=themes)},
        theme("mine", routes=ROUTES + MORE),
        page,
    )
    found = addresses(catalogue(site.files), site.live.current().registry)
    expected = {"/", "/one/", "/two/", "/a/", "/a/b/", "/a/b/three/", "/tags/x/", "/all/"}
    of = ("", "a/", "a/b/", "tags/x/")
    feeds = {f"/feed/{each}{file}" for each in of for file in ("", "rss.xml", "feed.json")}
    assert found == sorted(expected | feeds | {MISSING})


def test_a_theme_beside_has_an_address_for_each_document(
    repository: SiteRepository, site: Site
) -> None:
    themes = {"/": "mine", "/beside/": "beside"}
    files = theme("mine"), theme("beside", routes=BESIDE)
    served(repository, site, {"config.toml": config(themes=themes)}, *files)
    current = site.live.current()
    found = {each for each in addresses(catalogue(site.files), current.registry)}
    own = {each for each in found if each.startswith("/beside/")}
    assert own == {f"/beside/{name}" for name in ("one/", "two/", "map-1.xml", "all/", "")}
    for first, others in (("map-1.xml", ["map-2.xml"]), ("all/", ["all/page/2/"]), ("one/", [])):
        request = PageRequest("GET", f"/beside/{first}", "", (), "")
        told = further(observe(request, current.observing))
        assert list(told) == [f"/beside/{each}" for each in others]
    assert site.get("/beside/map-2.xml").status == 200
