"""An owner's act is one commit that was tried whole, or nothing has changed."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apps.extensions.finding import SITE, ExtensionFiles
from apps.extensions.lock import PATH as LOCK
from apps.extensions.owning import planning
from apps.extensions.owning.owned import Owned, OwnerRefused
from apps.extensions.owning.plans import Plan
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED, REFUSED
from apps.gitsync.writing.extending import (
    SAVED,
    UNCHANGED,
    WOULD,
    OwnerReport,
    carry_out,
    newest_owned,
)
from tests.delivery.extending import GREET, METADATA, PAGES, Files, config, lock, plugin
from tests.scribes import OWN
from tests.sites import ROOT, Site, SiteRepository

AUTHOR = Author("Ada", "ada@example.org", "1700000000 +0000")
Planned = Callable[[Owned], Plan]


class Owner:
    """Acts at one node; each act begins with the newest commit, unless it is told what was seen."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def act(self, planned: Planned, *, dry_run: bool = False, seen: Any = None) -> OwnerReport:
        seen = seen or self.seen()
        return carry_out(
            self.site.local, seen, planned(seen.owned), author=AUTHOR, edits=OWN, dry_run=dry_run
        )

    def seen(self) -> Any:
        return newest_owned(self.site.source, ROOT)

    @property
    def git(self) -> Repository:
        return Repository(self.site.source.repository)

    def tip(self) -> str:
        return self.seen().commit  # type: ignore[no-any-return]

    def refused(self, planned: Planned) -> tuple[str, ...]:
        before = self.tip()
        with pytest.raises(OwnerRefused) as caught:
            self.act(planned)
        assert self.tip() == before
        return tuple(each.code for each in caught.value.problems)


def extension(name: str, body: str, *capabilities: str, more: str = "") -> ExtensionFiles:
    made = plugin(name, body, *capabilities)
    manifest = f"plugins/{name}/plugin.toml"
    made[manifest] = str(made[manifest]) + more
    files = {p.removeprefix(f"plugins/{name}/"): str(t).encode() for p, t in made.items()}
    return ExtensionFiles("plugin", name, SITE, files)


def installing(*args: Any, **options: Any) -> Planned:
    files = extension(*args, **options)
    return lambda owned: planning.install(owned, files, None, enabling=True)


@pytest.fixture
def owner(repository: SiteRepository, site: Site) -> Owner:
    site.pinned = True
    repository.commit({"config.toml": f"# mine\n{config()}", **PAGES})
    assert site.sync().state == APPLIED
    return Owner(site)


@pytest.mark.long
def test_an_extension_is_installed_served_and_gone_again(owner: Owner) -> None:
    report = owner.act(installing("greet", GREET, METADATA))
    assert (report.state, report.of) == (SAVED, ("plugin:greet",))
    message = owner.git.plumb("cat-file", "commit", report.commit or "").decode()
    assert "\n\nInstall plugin greet 1.0.0\n" in message and "Extension: plugin:greet" in message
    assert owner.site.sync(fetching=False).state == APPLIED
    assert [each.id for each in owner.site.live.current().registry.plugins] == ["greet"]
    owner.act(lambda owned: planning.uninstall(owned, "greet"))
    assert owner.site.sync(fetching=False).state == APPLIED
    assert list(owner.site.live.current().registry.plugins) == []
    assert LOCK not in owner.seen().owned.files


def test_a_dry_run_shows_the_difference_and_writes_nothing(owner: Owner) -> None:
    before = owner.tip()
    report = owner.act(installing("greet", GREET, METADATA), dry_run=True)
    assert (report.state, report.commit, owner.tip()) == (WOULD, None, before)
    assert "+++ extensions.lock" in report.difference and '+id = "greet"' in report.difference
    assert "-# mine" not in report.difference


@pytest.mark.long
def test_what_is_so_already_makes_no_commit(owner: Owner) -> None:
    owner.act(installing("greet", GREET, METADATA))
    before = owner.tip()
    report = owner.act(lambda owned: planning.enable(owned, "greet"))
    assert (report.state, report.commit, owner.tip()) == (UNCHANGED, None, before)


def test_all_that_would_be_wrong_is_told_and_nothing_has_changed(owner: Owner) -> None:
    needs = 'needs = { "plugin:gone" = ">=1", "theme:plain" = ">=9" }\n'
    found = owner.refused(installing("bad", "this is no Lua", more=needs))
    assert sorted(found) == ["link.missing", "link.version", "plugin.error"]
    assert owner.refused(lambda owned: planning.disable(owned, "theme:plain")) == ("theme.none",)


@pytest.mark.long
def test_what_others_need_stays(owner: Owner) -> None:
    owner.act(installing("base", ""))
    owner.act(installing("upon", "", more='needs = { "plugin:base" = ">=1" }\n'))
    assert owner.refused(lambda owned: planning.disable(owned, "base")) == ("link.missing",)
    circle = extension("base", "", more='needs = { "plugin:upon" = ">=1" }\n')
    assert owner.refused(lambda owned: planning.upgrade(owned, "base", circle, None)) == (
        "link.cycle",
    )


@pytest.mark.long
def test_what_was_wrong_before_does_not_keep_it_from_being_mended(
    owner: Owner, repository: SiteRepository
) -> None:
    broken: Files = {
        "config.toml": config("one", "two"),
        **plugin("one", "x("),
        **plugin("two", ""),
    }
    repository.commit({**broken, **lock(one=(), two=())})
    assert owner.site.sync().state == REFUSED
    report = owner.act(lambda owned: planning.disable(owned, "one"))
    assert report.state == SAVED
    assert [each.code for each in report.problems] == ["lock.unpinned"]
    assert owner.act(planning.pin_all).state == SAVED
    assert owner.site.sync(fetching=False).state == APPLIED


def test_of_two_upgrades_at_once_one_wins_and_the_other_is_told(owner: Owner) -> None:
    owner.act(installing("greet", GREET, METADATA))
    seen = owner.seen()
    one, two = (extension("greet", f"{GREET}\nreturn {n}", METADATA) for n in "12")
    owner.act(lambda owned: planning.upgrade(owned, "greet", one, None), seen=seen)
    winner = owner.tip()
    with pytest.raises(GitFault) as caught:
        owner.act(lambda owned: planning.upgrade(owned, "greet", two, None), seen=seen)
    assert (caught.value.code, owner.tip()) == ("merge.conflict", winner)
    assert "somebody else changed the same file meanwhile" in str(caught.value)


@pytest.mark.long
def test_of_many_at_the_same_moment_one_wins(owner: Owner) -> None:
    owner.act(installing("greet", GREET, METADATA))
    seen, together = owner.seen(), threading.Barrier(6)
    told: list[str] = []

    def upgrade(number: int) -> None:
        new = extension("greet", f"{GREET}\nreturn {number}", METADATA)
        together.wait()
        try:
            plan = planning.upgrade(seen.owned, "greet", new, None)
            made = carry_out(owner.site.local, seen, plan, author=AUTHOR, edits=OWN, dry_run=False)
            told.append(made.state)
        except GitFault as fault:
            told.append(fault.code)

    threads = [threading.Thread(target=upgrade, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["merge.conflict"] * 5 + [SAVED]
    assert owner.git.resolve(f"{owner.tip()}^") == seen.commit
    owner.site.sync(fetching=False)
    assert len(owner.site.live.current().registry.plugins) == 1


@pytest.mark.long
def test_two_extensions_upgraded_at_once_do_not_end_in_half_of_each(owner: Owner) -> None:
    for name in ("one", "two"):
        owner.act(installing(name, ""))
    seen = owner.seen()
    new = {name: extension(name, "return") for name in ("one", "two")}
    owner.act(lambda owned: planning.upgrade(owned, "one", new["one"], None), seen=seen)
    with pytest.raises(GitFault):
        owner.act(lambda owned: planning.upgrade(owned, "two", new["two"], None), seen=seen)
    owner.act(lambda owned: planning.upgrade(owned, "two", new["two"], None))
    assert owner.site.sync(fetching=False).state == APPLIED


@pytest.mark.long
def test_a_document_that_was_saved_meanwhile_is_no_conflict(
    owner: Owner, repository: SiteRepository
) -> None:
    seen = owner.seen()
    repository.commit({"content/one.md": "# Meanwhile\n"})
    owner.site.sync()
    assert owner.act(installing("greet", ""), seen=seen).state == SAVED
    assert owner.site.sync(fetching=False).state == APPLIED
    assert "Meanwhile" in owner.site.text("/one/")


@pytest.mark.long
def test_a_clone_on_a_clean_machine_has_the_same_code_and_grants_without_network(
    owner: Owner, tmp_path: Path
) -> None:
    owner.act(installing("greet", GREET, METADATA))
    owner.site.sync(fetching=False)
    copy = SiteRepository(tmp_path / "copy.git")
    copy.git.fetch(str(owner.git.path), refspecs=["+refs/heads/main:refs/heads/main"])
    clean = Site(copy, tmp_path / "clean", *_parts(owner.site))
    clean.pinned = True
    report = clean.sync()
    here, there = (each.live.current().registry for each in (owner.site, clean))
    assert (report.state, report.registry) == (APPLIED, here.digest)
    assert there.digest == here.digest
    assert [each.granted for each in there.plugins] == [frozenset({METADATA})]
    clean.stop()


@pytest.mark.long
def test_bytes_that_were_changed_behind_the_lock_are_not_served(
    owner: Owner, repository: SiteRepository
) -> None:
    owner.act(installing("greet", GREET, METADATA))
    git = owner.git
    repository.git.fetch(str(git.path), refspecs=["+refs/heads/main:refs/heads/main"])
    owner.site.sync()
    served = owner.site.live.current().commit
    repository.commit({"plugins/greet/main.lua": "-- another\n"})
    report = owner.site.sync()
    assert (report.state, [each.code for each in report.problems]) == (REFUSED, ["lock.digest"])
    assert owner.site.live.current().commit == served
    accepted = owner.act(lambda owned: planning.upgrade(owned, "greet", None, None))
    assert accepted.state == SAVED
    assert owner.site.sync(fetching=False).state == APPLIED


@pytest.mark.long
def test_a_site_of_another_kind_stays_of_its_kind(repository: SiteRepository, site: Site) -> None:
    repository.commit({"README.md": "# Read me\n", "guide.md": "# Guide\n"})
    site.sync()
    owner = Owner(site)
    owner.act(lambda owned: planning.disable(owned, "reading-time"))
    assert site.sync(fetching=False).state == APPLIED
    configuration = newest_owned(site.source, ROOT).owned.configuration
    assert (configuration.layout, configuration.own) == ("plain", True)
    assert "Guide" in site.text("/guide/")
    assert [each.id for each in site.live.current().registry.plugins] == ["external-links"]


def _parts(site: Site) -> tuple[Any, Any]:
    return site._workers, replace(site.local).renderer
