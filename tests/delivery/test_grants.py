"""What a plugin may see and propose: what its manifest declares and the lock grants, no more."""

from apps.gitsync.report import REFUSED
from tests.delivery.extending import (
    ACCEPT,
    GREET,
    METADATA,
    PAGES,
    config,
    lock,
    plugin,
    served,
    theme,
    traced,
)
from tests.sites import Site, SiteRepository, body


def test_a_plugin_that_nobody_granted_anything_is_refused_by_the_sync(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": config("greet"), **PAGES, **plugin("greet", GREET, METADATA)})
    report = site.sync()
    assert report.state == REFUSED
    assert [(p.path, p.code) for p in report.problems] == [("extensions.lock", "lock.not-granted")]


def test_what_is_declared_and_not_granted_fails_the_plugin_alone(
    repository: SiteRepository, site: Site
) -> None:
    top = {"config.toml": config("greet", themes={"/": "own"})}
    greets = plugin("greet", GREET, METADATA)
    served(repository, site, top, theme("own", accept=ACCEPT), greets, lock(greet=()))
    reply, trace = traced(site, "/one/")
    assert reply.status == 200 and "greeting" not in body(reply).decode()
    assert trace.failed == {"greet"}
    assert METADATA in trace.steps[0].detail


def test_what_is_granted_and_not_declared_is_not_had(
    repository: SiteRepository, site: Site
) -> None:
    top = {"config.toml": config("greet", themes={"/": "own"})}
    greets = plugin("greet", GREET, "read:site")
    granted = lock(greet=("read:site", METADATA))
    served(repository, site, top, theme("own", accept=ACCEPT), greets, granted)
    reply, trace = traced(site, "/one/")
    assert "greeting" not in body(reply).decode()
    assert trace.failed == {"greet"}


def test_the_text_is_not_shown_to_who_may_see_the_title_only(
    repository: SiteRepository, site: Site
) -> None:
    text = 'propose.metadata("title", event.content.title)\nevent.content:word_count()'
    top = {"config.toml": config("peek", themes={"/": "own"})}
    peeks = plugin("peek", text, METADATA, "read:content.meta")
    granted = lock(peek=(METADATA, "read:content.meta"))
    served(repository, site, top, theme("own", accept=ACCEPT), peeks, granted)
    reply, trace = traced(site, "/one/")
    assert reply.status == 200
    assert "read:content.text" in trace.steps[0].detail


def test_a_pinned_digest_that_differs_is_refused(repository: SiteRepository, site: Site) -> None:
    text = f'[plugins.greet]\ndigest = "sha256:{"0" * 64}"\ncapabilities = ["{METADATA}"]\n'
    greets = plugin("greet", GREET, METADATA)
    repository.commit({"config.toml": config("greet"), **PAGES, **greets, "extensions.lock": text})
    report = site.sync()
    assert (report.state, report.problems[0].code) == (REFUSED, "lock.digest")
