"""What policies leave of grants, asked of the engine only where its answer is not known."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import cedarpy
import pytest
from django.conf import settings

from apps.extensions import granting
from apps.extensions.capabilities import TABLE
from apps.extensions.finding import BUNDLED, SITE, ExtensionFiles
from apps.extensions.granting import FILE, FILE_BYTES, KEPT, left_of

PLUGIN = ExtensionFiles("plugin", "toc", SITE, {})
ONE, OTHER = [row.name for row in TABLE if "<" not in row.name][:2]
GRANTED, NOTHING = frozenset({ONE, OTHER}), frozenset[str]()
FORBIDS = {"policies/a.cedar": b'@id("a") forbid (principal, action, resource);'}
PERMITS = {"policies/a.cedar": b'@id("a") permit (principal, action, resource);'}


def broken(*_: object) -> NoReturn:
    """In the place of the engine: whoever asks it is left with nothing."""
    raise RuntimeError("out of memory")


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    path = Path(settings.STATE) / FILE
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def test_what_was_left_whole_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert left_of(GRANTED, PLUGIN, {}) == GRANTED
    monkeypatch.setattr(cedarpy, "is_authorized", broken)
    assert left_of(GRANTED, PLUGIN, {}) == GRANTED
    assert left_of(GRANTED, PLUGIN, {"plugins/toc/plugin.toml": b"no policy"}) == GRANTED


@pytest.mark.parametrize(
    ("granted", "extension", "kept"),
    [
        (frozenset({ONE}), PLUGIN, {}),
        (GRANTED, ExtensionFiles("plugin", "other", SITE, {}), {}),
        (GRANTED, ExtensionFiles("theme", "toc", SITE, {}), {}),
        (GRANTED, ExtensionFiles("plugin", "toc", BUNDLED, {}), {}),
        (GRANTED, PLUGIN, PERMITS),
        (GRANTED, PLUGIN, {"policies/roles.toml": b""}),
    ],
)
def test_any_other_question_is_asked(
    monkeypatch: pytest.MonkeyPatch,
    granted: frozenset[str],
    extension: ExtensionFiles,
    kept: dict[str, bytes],
) -> None:
    left_of(GRANTED, PLUGIN, {})
    monkeypatch.setattr(cedarpy, "is_authorized", broken)
    assert left_of(granted, extension, kept) == NOTHING


def test_with_another_engine_or_other_policies_of_ours_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left_of(GRANTED, PLUGIN, {})
    monkeypatch.setattr(granting, "version", lambda name: f"another {name}")
    granting._how.cache_clear()
    monkeypatch.setattr(cedarpy, "is_authorized", broken)
    try:
        assert left_of(GRANTED, PLUGIN, {}) == NOTHING
    finally:
        granting._how.cache_clear()


def test_what_was_lost_is_not_kept(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    with monkeypatch.context() as moment:
        moment.setattr(cedarpy, "is_authorized", broken)
        assert left_of(GRANTED, PLUGIN, {}) == NOTHING
    assert left_of(GRANTED, PLUGIN, FORBIDS) == NOTHING
    assert not file.exists()
    assert left_of(GRANTED, PLUGIN, {}) == GRANTED


def test_who_is_granted_nothing_has_nothing_to_ask(file: Path) -> None:
    assert left_of(NOTHING, PLUGIN, {}) == NOTHING
    assert not file.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "null", "[1]", "[" * 10_000, " " * FILE_BYTES + "[]", "\udcff"]
)
def test_a_file_that_is_not_ours_says_nothing(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert left_of(GRANTED, PLUGIN, FORBIDS) == NOTHING
    assert left_of(GRANTED, PLUGIN, {}) == GRANTED
    assert len(json.loads(file.read_text())) == 1


def test_the_oldest_answers_go_first(file: Path) -> None:
    file.write_text(json.dumps([str(number) for number in range(KEPT)]))
    left_of(GRANTED, PLUGIN, {})
    kept = json.loads(file.read_text())
    assert (len(kept), kept[0]) == (KEPT, "1")


def test_where_nothing_can_be_written_it_is_asked_each_time(file: Path) -> None:
    file.mkdir()
    try:
        assert [left_of(GRANTED, PLUGIN, {}) for _ in range(2)] == [GRANTED] * 2
    finally:
        file.rmdir()
