"""A catalogue names all that visitors may read, and nothing else."""

from apps.content.catalogue import catalogue
from tests.sites import CONFIG, Site, SiteRepository


def test_documents_sections_and_terms_are_named_once(
    repository: SiteRepository, site: Site
) -> None:
    page = "---\ntitle: X\ntags: [One, two]\n---\n"
    repository.commit(
        {
            "config.toml": CONFIG,
            "content/a/b/one.md": page,
            "content/a/b/two.md": page,
            "content/a/hidden/three.md": "---\ntitle: X\ndraft: true\ntags: [three]\n---\n",
            "content/later.md": "---\ntitle: X\ndate: 2999-01-01\npublish: 2999-01-01\n---\n",
        }
    )
    site.sync()
    found = catalogue(site.files)
    assert set(found.urls) == {"/a/b/one/", "/a/b/two/"} | {u for u in found.urls if "later" in u}
    assert found.sections == ("a", "a/b")
    assert found.terms == (("tags", "one"), ("tags", "two"))
