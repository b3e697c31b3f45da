from apps.content.upgrades import Migration
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import REFUSED
from apps.gitsync.writing.upgrading import UNCHANGED, UPGRADED, WOULD, upgrade_site
from tests.scribes import OWN, OwnScribe
from tests.sites import CONFIG, Site, SiteRepository

ADA = Author("Ada", "ada@example.org", "1700000000 +0000")
STEP = Migration(
    before=1,
    says="pages get a new name",
    wants=lambda path: path.endswith(".md"),
    change=lambda files: {"content/new.md": files["content/one.md"], "content/one.md": None},
)
NEXT = OwnScribe(migrations=(STEP,), schema=2)


def test_an_upgrade_is_one_commit_of_this_node(repository: SiteRepository, site: Site) -> None:
    first = repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    would = upgrade_site(site.source, ADA, upgrades=NEXT, dry_run=True, migrations=(STEP,))
    here = Repository(site.source.repository)
    assert (would.state, here.resolve("refs/heads/main")) == (WOULD, None)
    done = upgrade_site(site.source, ADA, upgrades=NEXT, migrations=(STEP,))
    assert (done.state, done.paths) == (UPGRADED, would.paths)
    assert here.resolve("refs/heads/main") == done.commit
    assert here.resolve(f"{done.commit}^") == first
    assert {item.path for item in here.tree(done.commit or "")} == {
        b"config.toml",
        b"content/new.md",
    }
    assert b"schema = 2" in here.run("show", f"{done.commit}:config.toml")


def test_today_there_is_nothing_to_do_and_a_newer_site_is_refused(
    repository: SiteRepository, site: Site
) -> None:
    good = repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    assert upgrade_site(site.source, ADA, upgrades=OWN).state == UNCHANGED
    repository.commit({"config.toml": CONFIG + "schema = 2\n"})
    report = site.sync()
    assert (report.state, report.problems[0].code) == (REFUSED, "site.schema")
    assert "upgrade WhisperCMS" in report.problems[0].reason
    assert site.live.current().commit == good
