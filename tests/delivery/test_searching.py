"""What a visitor looks for on the site: found in what lists show, shown as text, kept by facts."""

from collections.abc import Iterator
from threading import Event
from urllib.parse import quote

import pytest

from apps.content.rendering import Renderer
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.caching.store import VARIANTS
from apps.delivery.front import Front
from apps.delivery.ingress.allowances import Allowances
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.ingress.quotas import SEARCHES, Quota
from apps.delivery.ingress.tallies import Tallies
from apps.delivery.warm_set import WarmSet
from apps.runtime.workers import Workers
from tests.delivery.caching.pairs import ROOM, Pair, Visit
from tests.delivery.unhurried import unhurried
from tests.sites import CONFIG, Site, SiteRepository

BEFORE, COMES_AT = 1_900_000_000.0, 1_906_545_600.0
BIRD = "h\u00e9ron & stands"
HIDDEN = "---\ntitle: Hidden heron\ndate: 2020-01-01\n{line}\n---\nA heron and a bittern.\n"
POLICY = (
    '@id("staff") forbid (principal, action == Action::"read", resource)'
    ' when { resource.path like "content/staff/*" };\n'
)
FILES = {
    "config.toml": CONFIG,
    "content/birds/heron.md": "---\ntitle: The heron\ndate: 2020-01-02\ntags: [Water]\n---\n"
    "It *stands* at <b onclick='x'>the</b> `weir` & waits.\n",
    "content/birds/owl.md": "---\ntitle: Owl\ndate: 2020-01-03\n---\nNo heron, <script>x</script>"
    " but &lt;i&gt;mice&lt;/i&gt;.\n",
    "content/draft.md": HIDDEN.format(line="draft: true"),
    "content/private.md": HIDDEN.format(line="visibility: private"),
    "content/later.md": HIDDEN.format(line="publish: 2030-06-01T12:00:00Z"),
    "content/staff/plan.md": HIDDEN.format(line="tags: [Secret]"),
    "policies/site.cedar": POLICY,
}


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[tuple[SiteRepository, Site]]:
    folder = tmp_path_factory.mktemp("searching")
    repository = SiteRepository(folder / "site.git")
    site = Site(repository, folder / "node", workers, renderer)
    repository.commit(FILES)
    assert site.sync().problems == ()
    with unhurried():
        yield repository, site
    site.stop()


@pytest.fixture
def site(made: tuple[SiteRepository, Site]) -> Site:
    made[1].clock = lambda: BEFORE
    return made[1]


@pytest.fixture
def pair(site: Site) -> Pair:
    return Pair(site)


def look(pair: Pair, text: str) -> str:
    seen = pair.get("/search/", query=f"q={quote(text)}")
    assert seen.status == 200
    return str(seen.text)


def test_what_is_found_is_marked_and_nothing_of_a_document_is_html(pair: Pair) -> None:
    page = look(pair, "heron mice")
    assert "1 page</h2>" in page
    assert "No <mark>heron</mark>, but &lt;i&gt;<mark>mice</mark>&lt;/i&gt;." in page
    assert "It stands at the <mark>weir</mark> &amp; waits." in look(pair, "weir")
    assert "<script>" not in page and "onclick" not in look(pair, "stands")


def test_the_title_counts_more_than_the_text(pair: Pair) -> None:
    page = look(pair, "heron")
    assert "2 pages</h2>" in page
    assert page.index("/birds/heron/") < page.index("/birds/owl/")


def test_nothing_hidden_is_told_by_title_text_count_or_term(pair: Pair) -> None:
    for text in ("bittern", "hidden", "tag:secret", "section:staff", "path:staff", "herons -owl"):
        page = look(pair, text)
        assert "Hidden" not in page and "bittern." not in page, text
        assert "Nothing was found" in page, text
    assert "2 pages</h2>" in look(pair, "heron")
    pair.site.clock = lambda: COMES_AT
    assert "3 pages</h2>" in look(pair, "heron")
    assert "A heron and a <mark>bittern</mark>." in look(pair, "bittern")


def test_a_page_reads_the_keys_that_its_route_declares_and_no_others(pair: Pair) -> None:
    empty = pair.get("/search/", query="words=heron&Q=heron").text
    assert "Nothing" not in empty and "</h2>" not in empty
    assert pair.hits("/search/")
    found = look(pair, "heron")
    again = pair.get("/search/", query="utm=1&q=heron&q=owl&page=1x").text
    assert again == found
    assert pair.get("/search/", query="q=heron&page=2").status == 404
    assert pair.get("/search/", query="q=heron&page=99999").status == 200


def test_answers_are_kept_by_their_words_and_few_of_them(pair: Pair) -> None:
    for number in range(VARIANTS + 8):
        look(pair, f"heron -x{number}")
    spot = pair.cache.store.spots["/search/"]
    assert spot.names == ("?page", "?q")
    assert len(spot.variants) == VARIANTS
    before = pair.cache.room().entries
    look(pair, f"heron -x{VARIANTS + 7}")
    assert pair.cache.room().entries == before


def test_searches_that_were_asked_for_most_are_made_again_after_a_sync(
    made: tuple[SiteRepository, Site], pair: Pair
) -> None:
    repository, site = made
    warm = WarmSet(site.live, pair.kept)
    text = look(pair, BIRD)
    repository.commit({"content/new.md": "---\ntitle: New\ndate: 2020-01-01\n---\nNo bird.\n"})
    site.sync()
    warm.renew(Event())
    assert pair.hits("/search/", query=f"q={quote(BIRD)}")
    assert look(pair, BIRD) == text


def test_a_client_searches_so_often_and_no_more(site: Site) -> None:
    limit = Allowances((Quota(SEARCHES, 3, 3600),), Tallies())
    ingress = Ingress(Hosts(["*"], lambda: None), searches=lambda: limit)
    front = Front(site.live, ingress=ingress, cache=ResponseCache(ROOM))

    def ask(path: str, query: str, peer: str = "192.0.2.1") -> int:
        visit = Visit(path, query=query, peer=peer, sent=(("host", "a.example"),))
        return (front.quick(visit) or front.answer(visit)).reply.status

    asked = [ask("/search/", f"q=heron+{n}") for n in range(5)]
    assert asked == [200, 200, 200, 429, 429]
    assert ask("/search/", "q=heron+1") == 200, "it is kept"
    assert ask("/search/", "") == ask("/birds/owl/", "q=heron+9") == 200
    assert ask("/search/", "q=heron+9", peer="192.0.2.2") == 200


def test_a_sync_that_changes_an_answer_changes_the_page_and_no_other(
    made: tuple[SiteRepository, Site], pair: Pair
) -> None:
    repository, site = made
    kept, lost = look(pair, "weir"), look(pair, "mice")
    repository.commit({"content/birds/owl.md": "---\ntitle: Owl\ndate: 2020-01-03\n---\nRats.\n"})
    site.sync()
    assert "Nothing was found" in look(pair, "mice") and "Nothing" not in lost
    assert look(pair, "weir") == kept
    assert "1 page</h2>" in look(pair, "rats")
    repository.commit({"content/birds/owl.md": FILES["content/birds/owl.md"]})
    site.sync()
    assert look(pair, "mice") == lost
