"""A site with another extension, as a value: nothing of the real one changes."""

from types import MappingProxyType

from apps.content.configuration import read_configuration
from apps.extensions.configuration import BUNDLED as DEFAULTS
from apps.extensions.configuration import read_choices
from apps.extensions.finding import BUNDLED, SITE, ExtensionFiles, Kind
from apps.extensions.lock import PATH, read_lock, write_lock
from apps.extensions.overlay import Overlaid, is_enabled, overlaid
from tests.delivery.extending import lock, plugin

FILES = {
    name.removeprefix("plugins/mine/"): str(text).encode()
    for name, text in plugin("mine", "", "propose:header", "read:site").items()
}
LISTED = '[whispercms]\n[[whispercms.plugins]]\nid = "mine"\nsettings = { a = 1 }\n'


def extension(kind: Kind = "plugin", origin: str = SITE) -> ExtensionFiles:
    return ExtensionFiles(kind, "mine", origin, MappingProxyType(FILES))


def site(text: str = "", **kept: bytes) -> Overlaid:
    return Overlaid(read_configuration(text, frozenset({"content"})), kept)


def test_a_plugin_comes_after_those_that_there_are() -> None:
    found = overlaid(site(), extension())
    choices = read_choices(found.configuration)
    assert [each.id for each in choices.plugins] == [*(p.id for p in DEFAULTS.plugins), "mine"]
    assert choices.themes == DEFAULTS.themes and choices.problems == ()
    assert is_enabled(found.configuration, "plugin", "mine")
    assert not is_enabled(found.configuration, "theme", "mine")


def test_one_that_is_listed_keeps_its_place_and_settings() -> None:
    (choice,) = read_choices(overlaid(site(LISTED), extension()).configuration).plugins
    assert (choice.id, choice.settings) == ("mine", {"a": 1})
    (choice,) = read_choices(overlaid(site(LISTED), extension(), {"b": 2}).configuration).plugins
    assert choice.settings == {"b": 2}


def test_one_that_was_disabled_is_enabled_where_it_stands() -> None:
    text = (
        LISTED.replace("settings", "enabled = false\nsettings")
        + '[[whispercms.plugins]]\nid = "b"\n'
    )
    found = overlaid(site(text), extension()).configuration
    assert not is_enabled(site(text).configuration, "plugin", "mine")
    assert [(p.id, p.settings) for p in read_choices(found).plugins] == [
        ("mine", {"a": 1}),
        ("b", {}),
    ]


def test_a_theme_takes_the_place_of_the_one_at_the_front_page() -> None:
    choices = read_choices(overlaid(site(), extension("theme")).configuration)
    assert {(each.id, each.mount) for each in choices.themes} == {("feed", "/feed/"), ("mine", "/")}


def test_its_files_are_those_of_the_folder_and_no_others() -> None:
    old = {"plugins/mine/gone.lua": b"x", "plugins/mine2/main.lua": b"y"}
    found = overlaid(Overlaid(site().configuration, old), extension()).kept
    assert set(found) == {f"plugins/mine/{name}" for name in FILES} | {
        "plugins/mine2/main.lua",
        PATH,
    }
    assert old["plugins/mine/gone.lua"] == b"x"


def test_it_is_granted_what_it_asks_for_and_others_what_they_had() -> None:
    before = str(lock(mine=("read:site",), other=("read:request",))["extensions.lock"]).encode()
    kept = {PATH: before + b'digest = "sha256:' + b"0" * 64 + b'"\n'}
    found = read_lock(overlaid(Overlaid(site().configuration, kept), extension()).kept[PATH])
    assert found.problems == ()
    assert found.tables.plugins["mine"].capabilities == ["propose:header", "read:site"]
    assert found.tables.plugins["mine"].digest == extension().digest()
    assert found.tables.plugins["other"] == read_lock(kept[PATH]).tables.plugins["other"]


def test_a_bundled_one_needs_neither_files_nor_a_grant() -> None:
    assert overlaid(site(), extension(origin=BUNDLED)).kept == {}


def test_a_lock_that_cannot_be_read_is_left_for_loading_to_tell() -> None:
    kept = {PATH: b"["}
    assert overlaid(Overlaid(site().configuration, kept), extension()).kept[PATH] == b"["


def test_a_lock_is_written_as_it_is_read() -> None:
    text = lock(b=("read:site",), a=())["extensions.lock"]
    tables = read_lock(str(text).encode()).tables
    assert read_lock(write_lock(tables)).tables == tables
    assert write_lock(tables) == write_lock(read_lock(write_lock(tables)).tables)
