"""What may be served before a sync: rows that this version would make in the same way."""

import sqlite3
from contextlib import closing

import pytest
from django.conf import settings

from apps.content.rendering import Renderer
from tests.sites import CONFIG, Site, SiteRepository
from whispercms.standing import stands


@pytest.fixture
def synced(repository: SiteRepository, site: Site) -> Site:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    return site


def test_what_a_sync_left_stands(synced: Site, renderer: Renderer) -> None:
    assert stood(synced, renderer)
    assert stood(synced, renderer, branch=None)
    assert not stood(synced, renderer, branch="other")


@pytest.mark.parametrize("what", ["renderer", "basis", "branch"])
def test_rows_that_are_made_otherwise_do_not(synced: Site, renderer: Renderer, what: str) -> None:
    change(synced, f"UPDATE pointer SET {what} = 'another'")
    assert not stood(synced, renderer)


def test_rows_of_another_shape_or_none_do_not(synced: Site, renderer: Renderer) -> None:
    change(synced, "DELETE FROM pointer")
    assert not stood(synced, renderer)
    change(synced, "PRAGMA user_version = 1")
    assert not stood(synced, renderer)
    synced.files.index.unlink()
    assert not stood(synced, renderer)


def stood(site: Site, renderer: Renderer, branch: str | None = "main") -> bool:
    return stands(site.files, renderer, bundled=settings.BUNDLED_EXTENSIONS, branch=branch)


def change(site: Site, statement: str) -> None:
    with closing(sqlite3.connect(site.files.index)) as database:
        database.execute(statement)
        database.commit()
