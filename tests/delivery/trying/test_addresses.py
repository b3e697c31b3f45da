"""Every page of a site has an address that is found without asking for each."""

from apps.content.catalogue import catalogue
from apps.delivery.trying.addresses import MISSING, addresses
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
