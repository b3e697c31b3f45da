"""The map of a large site is several files, each made of one question and within bounds."""

from dataclasses import replace

import pytest

from apps.content.index_writer import IndexChange, IndexWriter
from tests.content.entries import page
from tests.delivery.software import validators
from tests.delivery.software.sample import FILES
from tests.delivery.software.test_maps import locations
from tests.sites import Site, SiteRepository

DOCUMENTS, EACH = 12_000, 5_000


@pytest.mark.long
def test_twelve_thousand_documents_are_three_maps_that_an_index_names(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit(FILES)
    site.sync()
    fill(site, DOCUMENTS)
    names = locations(site.text("/sitemap.xml"))
    assert list(names) == [f"https://example.org/sitemap-{n}.xml" for n in (1, 2, 3)]
    maps = [site.text(f"/sitemap-{n}.xml") for n in (1, 2, 3)]
    assert all(validators.sitemap(text) == [] for text in maps)
    found = [each for text in maps for each in locations(text)]
    assert [len(locations(text)) for text in maps[:2]] == [EACH, EACH]
    assert len(found) == len(set(found)) > DOCUMENTS
    assert found == sorted(found)
    assert site.get("/sitemap-4.xml").status == 404


def fill(site: Site, count: int) -> None:
    """More documents of the same commit."""
    writer = IndexWriter(site.files)
    before = writer.pointer()
    assert before
    entries = [page(f"many/{n:05}") for n in range(count)]
    change = IndexChange(whole=False, removed=(), entries=entries)
    writer.apply(change, replace(before, digest=writer.digest_after(change)))
    writer.close()
