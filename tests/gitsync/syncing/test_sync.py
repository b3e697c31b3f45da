import sqlite3

import pytest

from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED
from apps.gitsync.syncing.holding import SERVED
from tests.sites import CONFIG, Site, SiteRepository


def page(title: str, text: str = "Some text.") -> str:
    return f"---\ntitle: {title}\n---\n\n{text}\n"


def test_a_first_sync_indexes_every_document(repository: SiteRepository, site: Site) -> None:
    commit = repository.commit(
        {"config.toml": CONFIG, "content/one.md": page("One"), "content/two.md": page("Two")}
    )
    report = site.sync()
    assert (report.state, report.old, report.new) == (APPLIED, None, commit)
    assert (report.parsed, report.added, report.changed, report.removed) == (2, 3, 0, 0)
    assert site.get("/one/").status == 200


def test_a_second_sync_of_the_same_commit_does_nothing(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    first = site.sync()
    again = site.sync()
    assert (again.state, again.parsed, again.digest) == (UNCHANGED, 0, first.digest)


def test_one_changed_file_costs_the_parsing_of_one_document(
    repository: SiteRepository, site: Site
) -> None:
    many = {f"content/page-{number}.md": page(f"Page {number}") for number in range(50)}
    repository.commit({"config.toml": CONFIG, **many})
    site.sync()
    repository.commit({"content/page-7.md": page("Seven")})
    report = site.sync()
    assert (report.parsed, report.added, report.changed, report.removed) == (1, 0, 1, 0)
    assert "Seven</h1>" in site.text("/page-7/")


def test_what_a_visitor_sees_changes_when_the_sync_returns(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One", "before")})
    site.sync()
    assert "before" in site.text("/one/")
    repository.commit({"content/one.md": page("One", "after")})
    site.sync()
    assert "after" in site.text("/one/")


def test_a_removed_document_is_gone(repository: SiteRepository, site: Site) -> None:
    repository.commit(
        {"config.toml": CONFIG, "content/one.md": page("One"), "content/two.md": page("Two")}
    )
    site.sync()
    repository.commit({"content/two.md": None})
    report = site.sync()
    assert (report.parsed, report.removed) == (0, 1)
    assert site.get("/two/").status == 404


def test_a_dry_run_changes_nothing(repository: SiteRepository, site: Site) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One", "before")})
    before = site.sync()
    repository.commit({"content/one.md": page("One", "after")})
    report = site.sync(dry_run=True)
    assert (report.state, report.changed) == (APPLIED, 1)
    assert site.sync(dry_run=True).old == before.new
    assert "before" in site.text("/one/")


@pytest.mark.parametrize(
    ("config", "code", "line"),
    [
        ("[whispercms\n", "config.syntax", 1),
        ('[whispercms]\ntitle = "x"\ncolour = "red"\n', "config.unknown-key", 3),
        ("[whispercms]\ntitle = 3\n", "config.value", 2),
        ('[whispercms]\n[[whispercms.themes]]\nid = "nosuch"\n', "extension.missing", 3),
        ('[[whispercms.plugins]]\nid = "../../etc"\n', "config.value", 2),
    ],
)
def test_an_unusable_configuration_leaves_the_last_good_commit_serving(
    repository: SiteRepository, site: Site, config: str, code: str, line: int
) -> None:
    good = repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    site.sync()
    repository.commit({"config.toml": config, "content/one.md": page("Broken")})
    report = site.sync()
    assert report.state == REFUSED
    assert (report.problems[0].code, report.problems[0].line) == (code, line)
    assert site.live.current().commit == good
    assert "One" in site.text("/one/")


def test_a_mended_configuration_is_served(repository: SiteRepository, site: Site) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    site.sync()
    repository.commit({"config.toml": "[whispercms"})
    assert site.sync().state == REFUSED
    repository.commit({"config.toml": CONFIG.replace("A test site", "Mended")})
    assert site.sync().state == APPLIED
    assert "Mended" in site.text("/one/")


def test_a_lost_index_comes_back_at_the_last_good_commit(
    repository: SiteRepository, site: Site
) -> None:
    good = repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    digest = site.sync().digest
    repository.commit({"config.toml": "[whispercms"})
    site.sync()
    for path in site.files.index.parent.glob("index.sqlite3*"):
        path.unlink()
    report = site.sync()
    assert (report.state, report.old, report.digest) == (REFUSED, good, digest)
    assert site.get("/one/").status == 200


def test_a_damaged_index_is_made_again(repository: SiteRepository, site: Site) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    digest = site.sync().digest
    site.files.index.write_bytes(b"not a database" * 1000)
    assert site.sync().digest == digest


def test_an_index_of_another_shape_is_made_again(repository: SiteRepository, site: Site) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    digest = site.sync().digest
    connection = sqlite3.connect(site.files.index)
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert site.sync().digest == digest


def test_the_served_commit_has_a_ref_that_keeps_it(repository: SiteRepository, site: Site) -> None:
    commit = repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    site.sync()
    assert Repository(site.source.repository).resolve(SERVED + "main") == commit


def test_a_rewritten_history_is_followed_when_a_person_says_so(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    repository.commit({"config.toml": CONFIG, "content/two.md": "# Two\n"}, branch="other")
    other = repository.git.resolve("refs/heads/other")
    assert other is not None
    repository.git.set("refs/heads/main", other)
    refused = site.sync()
    assert (refused.state, refused.problems[0].code) == (REFUSED, "history.rewritten")
    assert "--accept-rewritten" in refused.reason()
    assert site.get("/one/").status == 200
    followed = site.sync(accept_rewritten=True)
    assert (followed.state, followed.new) == (APPLIED, other)
    assert site.sync().state == UNCHANGED
    assert followed.digest == site.sync(rebuild=True).digest
    assert site.get("/one/").status == 404


def test_a_document_without_a_date_has_the_date_of_the_commit_that_added_it(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/old.md": "# Old\n"})
    repository.commit({"content/new.md": "# New\n"})
    repository.commit({"content/old.md": "# Old, edited\n"})
    site.sync()
    assert 'datetime="2020-01-01' in site.text("/old/")
    assert 'datetime="2020-01-02' in site.text("/new/")


def test_a_missing_remote_is_a_fault_and_what_is_served_stays(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": page("One")})
    site.sync()
    repository.git.path.rename(repository.git.path.with_name("gone.git"))
    with pytest.raises(RemoteFault) as caught:
        site.sync()
    assert caught.value.code == "remote.unknown"
    assert site.get("/one/").status == 200


def test_a_repository_without_documents_is_refused_by_name(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"main.c": "int main() {}"})
    report = site.sync()
    assert (report.state, report.problems[0].code) == (REFUSED, "site.no-layout")
