import pytest

from apps.gitsync.syncing.configuring import CODE, FILES
from apps.gitsync.syncing.reading import KEPT_BYTES
from tests.content.layouts.hugo_site import page
from tests.sites import Site, SiteRepository

POST = {"content/a.md": page("title: A", "slug: b")}


def test_a_configuration_that_cannot_be_read_is_told_and_defaults_are_used(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"hugo.yaml": "title: T\npermalinks: [\n", **POST})
    report = site.sync()
    assert report.state == "applied"
    (told,) = report.problems
    assert (told.path, told.code) == ("hugo.yaml", CODE)
    assert told.line >= 2
    assert site.get("/b/").status == 200
    repository.commit({"content/c.md": page("title: C")})
    assert site.sync().problems == (told,)
    repository.commit({"hugo.yaml": "title: T\n"})
    assert site.sync().problems == ()


def test_anchors_and_tags_of_other_systems_are_read(repository: SiteRepository, site: Site) -> None:
    text = "title: &name T\ndescription: *name\nplugins: !!set {a, b}\npermalink: pretty\n"
    repository.commit({"_config.yml": text, "_posts/2020-01-02-a.md": page("title: A")})
    report = site.sync()
    assert report.problems == ()
    assert site.get("/2020/01/02/a/").status == 200
    assert site.text("/").count("T") >= 1


def test_a_configuration_that_is_too_large_or_no_text_is_told_of(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"hugo.toml": b"# " + b"x" * KEPT_BYTES, **POST})
    assert [problem.code for problem in site.sync().problems] == [CODE]
    repository.commit({"hugo.toml": b"title = '\xff'"})
    assert [problem.code for problem in site.sync().problems] == [CODE]


def test_a_folder_of_settings_is_read(repository: SiteRepository, site: Site) -> None:
    settings = "config/_default"
    repository.commit(
        {
            f"{settings}/hugo.toml": 'title = "In parts"\n',
            f"{settings}/permalinks.toml": 'notes = "/n/:slug/"\n',
            f"{settings}/notes.txt": "[",
            "content/notes/a.md": page("title: A"),
        }
    )
    assert site.sync().problems == ()
    assert site.get("/n/a/").status == 200
    assert "In parts" in site.text("/n/a/")


def test_a_change_of_addresses_reads_the_site_anew_and_any_other_does_not(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"hugo.toml": 'title = "One"\n', **POST, "content/c.md": page("title: C")})
    assert site.sync().parsed == 2
    repository.commit({"hugo.toml": 'title = "Two"\n'})
    assert site.sync().parsed == 0
    repository.commit({"hugo.toml": 'title = "Two"\nuglyURLs = true\n'})
    assert site.sync().parsed == 2
    assert site.get("/b.html").status == 200


def test_a_rebuild_ends_where_the_changes_led(repository: SiteRepository, site: Site) -> None:
    repository.commit({"hugo.toml": 'title = "One"\n', **POST})
    site.sync()
    repository.commit({"hugo.toml": "uglyURLs = true\n", "content/c.md": page("title: C")})
    assert site.sync().digest == site.sync(rebuild=True).digest


@pytest.mark.parametrize("more", [0, 1])
def test_a_bounded_number_of_files_is_read(
    repository: SiteRepository, site: Site, more: int
) -> None:
    folder = "config/_default"
    others = {f"{folder}/a{number:03}.toml": "x = 1\n" for number in range(FILES - 1 + more)}
    repository.commit({**others, f"{folder}/hugo.toml": 'title = "Read"\n', **POST})
    told = [(problem.path, problem.code) for problem in site.sync().problems]
    assert told == ([(f"{folder}/hugo.toml", CODE)] if more else [])
    assert ("Read" in site.text("/b/")) is (not more)
