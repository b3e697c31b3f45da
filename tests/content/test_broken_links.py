"""Links that lead nowhere are told with their place; all others are left in peace."""

from apps.content.broken_links import broken_links
from apps.content.index import Index
from apps.content.problems import Problem
from apps.content.rendering import Renderer
from apps.content.warming import render_missing
from tests.sites import CONFIG, Site, SiteRepository


def told(repository: SiteRepository, site: Site, renderer: Renderer, **files: str) -> list[Problem]:
    named = {f"content/{name}.md": text for name, text in files.items()}
    repository.commit({"config.toml": CONFIG, **named})
    site.sync()
    while render_missing(renderer, site.files, Index(site.files)):
        pass
    return list(broken_links(site.files, renderer.id, "content/"))


def test_a_link_to_no_file_is_told_with_its_line(
    repository: SiteRepository, site: Site, renderer: Renderer
) -> None:
    text = "---\ntitle: A\n---\n\n[b](b.md) and\n[gone](gone.md#part)\n"
    (problem,) = told(repository, site, renderer, a=text, b="# B\n")
    assert (problem.path, problem.line, problem.code) == ("content/a.md", 6, "link.missing")
    assert problem.reason.startswith("gone.md#part leads to no file")


def test_a_file_a_page_and_a_section_are_somewhere(
    repository: SiteRepository, site: Site, renderer: Renderer
) -> None:
    text = "[1](b.md) [2](@/b.md) [3](../b/) [4](../posts/) [5](https://x.org) [6](#h) [7](/gone/)"
    files = {"a": text, "b": "# B\n", "posts/c": "# C\n\n[up](../b.md)\n"}
    assert told(repository, site, renderer, **files) == []


def test_a_former_address_is_somewhere(
    repository: SiteRepository, site: Site, renderer: Renderer
) -> None:
    aliased = "---\ntitle: B\naliases: [/old/]\n---\n"
    assert told(repository, site, renderer, a="[b](../old/)\n", b=aliased) == []


def test_each_link_is_told_of_each_document(
    repository: SiteRepository, site: Site, renderer: Renderer
) -> None:
    found = told(repository, site, renderer, a="[x](x.md) [y](y.md) [x](x.md)\n", b="[x](x.md)\n")
    assert [(each.path, each.reason.split()[0]) for each in found] == [
        *(("content/a.md", "x.md"), ("content/a.md", "y.md")),
        ("content/b.md", "x.md"),
    ]
