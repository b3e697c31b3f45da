"""Documents that are not plainly public are nowhere to be found."""

from tests.delivery.extending import (
    ONE,
    Files,
    served,
)
from tests.sites import CONFIG, Site, SiteRepository

DRAFT = (
    "---\ntitle: Secret\ndate: 2020-01-01\ntags: [a]\naliases: [/old-secret-{n}]\n{line}\n---\n"
    "Text\n"
)

LINES = (
    *("draft: true", "draft: 'false'", "draft: 1", "draft: no"),
    *("visibility: private", "visibility: draft", "visibility: odd", "visibility: [public]"),
)


def test_what_is_not_plainly_public_is_not_there(repository: SiteRepository, site: Site) -> None:
    secrets: Files = {
        f"content/posts/secret-{n}.md": DRAFT.format(line=line, n=n) for n, line in enumerate(LINES)
    }
    tagged = ONE.replace("title: One", "title: One\ntags: [a]")
    served(repository, site, {"config.toml": CONFIG, "content/posts/open.md": tagged}, secrets)
    for n, line in enumerate(LINES):
        for path in (f"/posts/secret-{n}/", f"/posts/secret-{n}", f"/old-secret-{n}/"):
            assert site.get(path).status == 404, line
    for path in ("/", "/posts/", "/tags/a/", "/feed/"):
        text = site.text(path)
        assert "secret" not in text.lower(), path
        assert "One" in text, path


def test_a_hidden_section_lists_nothing_of_itself(repository: SiteRepository, site: Site) -> None:
    files: Files = {
        "config.toml": CONFIG,
        "content/posts/_index.md": "---\ntitle: Hidden section\ndraft: true\n---\nText\n",
        "content/posts/open.md": ONE,
    }
    served(repository, site, files)
    for path in ("/", "/posts/", "/posts/open/"):
        assert "Hidden section" not in site.text(path), path


def test_a_draft_takes_no_address_from_what_is_public(
    repository: SiteRepository, site: Site
) -> None:
    """Of two files for one address the lower path wins: among those that visitors may read."""
    draft = DRAFT.format(n=0, line=LINES[0])
    names = {"content/posts/one.md": ONE, "content/posts/one.html": draft}
    repository.commit({"config.toml": CONFIG, **names})
    site.sync()
    assert "One" in site.text("/posts/one/") and "Secret" not in site.text("/posts/one/")


def test_what_stands_below_a_draft_of_its_own_folder_is_hidden_with_it(
    repository: SiteRepository, site: Site
) -> None:
    draft = "---\ndraft: true\n---\nText\n"
    files: Files = {"config.toml": CONFIG, "content/a/index.md": draft, "content/b/index.md": ONE}
    pictures: Files = {f"content/{each}/in/deep.txt": "deep" for each in ("a", "b")}
    served(repository, site, files, pictures)
    assert site.get("/a/in/deep.txt").status == 404
    assert site.get("/b/in/deep.txt").status == 200
