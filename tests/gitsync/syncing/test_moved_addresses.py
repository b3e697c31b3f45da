"""A sync tells of addresses that a change takes from documents which stay."""

from tests.sites import CONFIG, Site, SiteRepository

ONE = "---\ntitle: One\ndate: 2020-01-01\n---\nText.\n"


def told(site: Site) -> list[tuple[str, str]]:
    report = site.sync()
    assert report.state == "applied"
    return [(p.path, p.reason.partition(" ")[0]) for p in report.problems]


def test_an_address_that_goes_without_an_alias_is_told_once(
    repository: SiteRepository, site: Site
) -> None:
    files = {"config.toml": CONFIG, **{f"content/{n}.md": f"{ONE}{n}" for n in "abcdef"}}
    repository.commit({**files, "content/hidden.md": ONE.replace("date", "draft: true\ndate")})
    assert told(site) == []
    repository.commit(
        {
            "content/a.md": ONE.replace("title", "slug: other\ntitle"),
            "content/b.md": ONE.replace("title", "slug: more\naliases: [/b/]\ntitle"),
            "content/c.md": None,
            "content/d.md": None,
            "content/notes/d.md": f"{ONE}d",
            "content/e.md": ONE.replace("title", "draft: true\ntitle"),
            "content/hidden.md": ONE.replace("date", "draft: true\nslug: x\ndate"),
        }
    )
    dry = site.sync(dry_run=True)
    assert [p.code for p in dry.problems] == ["document.moved", "document.moved"]
    assert told(site) == [("content/a.md", "/a/"), ("content/notes/d.md", "/d/")]
    assert site.sync().problems == (), "the remedy is not asked for again and again"


def test_an_address_that_another_takes_over_is_not_lost(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/a.md": ONE, "content/b.md": f"{ONE}b"})
    site.sync()
    repository.commit(
        {
            "content/a.md": ONE.replace("title", "slug: new\ntitle"),
            "content/b.md": f"{ONE}b".replace("title", "aliases: [/a]\ntitle"),
        }
    )
    assert told(site) == []


def test_another_pattern_of_addresses_is_told_of_the_whole_site(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/posts/a.md": ONE})
    site.sync()
    links = '[whispercms.permalinks]\nposts = "/{year}/{slug}/"\n'
    repository.commit({"config.toml": CONFIG + links})
    assert told(site) == [("content/posts/a.md", "/posts/a/")]
    redirect = '[whispercms.redirects]\n"/2020/a/" = "/posts/a/"\n'
    repository.commit({"config.toml": CONFIG + redirect})
    assert told(site) == []
