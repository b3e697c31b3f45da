"""What each act of an owner changes, grants and tells, before anything is written."""

from collections.abc import Mapping

import pytest

from apps.content.configuration import read_configuration
from apps.extensions.finding import SITE, ExtensionFiles, find
from apps.extensions.lock import PATH as LOCK
from apps.extensions.lock import Entry, Tables, read_lock, write_lock
from apps.extensions.owning import planning
from apps.extensions.owning.owned import Owned, OwnerRefused
from apps.extensions.owning.plans import Plan
from tests.delivery.extending import METADATA, Files, config, plugin
from tests.sites import ROOT

SETTING = '\n[settings.words]\ntype = "integer"\ndefault = 3\n'


def greeter(*capabilities: str, body: str = "", more: str = "") -> ExtensionFiles:
    made = plugin("greet", body, *capabilities)
    made["plugins/greet/plugin.toml"] = str(made["plugins/greet/plugin.toml"]) + more
    files = {path.removeprefix("plugins/greet/"): text for path, text in plain(made).items()}
    return ExtensionFiles("plugin", "greet", SITE, files)


def plain(files: Files) -> dict[str, bytes]:
    return {path: each.encode() for path, each in files.items() if isinstance(each, str)}


def owned(*extensions: ExtensionFiles, top: str = "", pins: Mapping[str, Entry] = {}) -> Owned:
    kept = {"config.toml": (top or config("greet")).encode()}
    for each in extensions:
        kept |= {f"{each.folder}/{name}": content for name, content in each.files.items()}
    if pins:
        kept[LOCK] = write_lock(Tables(plugins=dict(pins)))
    configuration = read_configuration(kept["config.toml"].decode(), frozenset())
    return Owned(configuration=configuration, files=kept, bundled=ROOT)


def pinned(extension: ExtensionFiles, *capabilities: str) -> dict[str, Entry]:
    return {extension.id: Entry(digest=extension.digest(), capabilities=list(capabilities))}


def grants(plan: Plan) -> list[str]:
    return [each.capability for each in plan.grants]


def pin(plan: Plan) -> Entry:
    entry = read_lock(plan.files[LOCK]).tables.entry("plugin", "greet")
    assert entry is not None
    return entry


def test_what_is_installed_is_pinned_with_all_that_it_asks_for() -> None:
    files = greeter(METADATA, "read:site")
    plan = planning.install(owned(top=config()), files, ("https://e.org/a.git", "0" * 40))
    assert grants(plan) == [METADATA, "read:site"]
    assert pin(plan).digest == files.digest() and pin(plan).source == "https://e.org/a.git"
    assert plan.lists == {} and set(plan.files) > {"plugins/greet/main.lua", LOCK}
    enabled = planning.install(owned(top=config()), files, None, enabling=True)
    assert enabled.lists == {"plugin": [{"id": "greet"}]}


def test_what_is_there_is_not_installed_again() -> None:
    files = greeter()
    with pytest.raises(OwnerRefused, match="upgrade it instead"):
        planning.install(owned(files), files, None)


def test_an_upgrade_asks_for_what_is_new_alone_and_says_what_differs() -> None:
    old = greeter(METADATA, "read:site", body="return", more=SETTING)
    new = greeter(METADATA, "read:request", more=SETTING.replace("3", "4"))
    here = owned(old, pins=pinned(old, METADATA, "read:site"))
    plan = planning.upgrade(here, "greet", new, None)
    assert grants(plan) == ["read:request"]
    assert pin(plan).capabilities == [METADATA, "read:request"]
    assert plan.news and plan.news.no_longer == ("read:site",)
    assert plan.news.lines()[0] == "version 1.0.0 as before, with other files"
    assert plan.news.settings == ("words is another: integer, 4 if left out",)


def test_what_was_withheld_from_a_version_stays_withheld() -> None:
    old, new = greeter(METADATA, "read:site"), greeter(METADATA, "read:site", body="return")
    plan = planning.upgrade(owned(old, pins=pinned(old, METADATA)), "greet", new, None)
    assert grants(plan) == [] and pin(plan).capabilities == [METADATA]


def test_bytes_that_were_changed_by_hand_are_asked_about_as_if_they_were_new() -> None:
    """What they declare says nothing of what the owner withheld from others."""
    seen, here = greeter(METADATA), greeter(METADATA, "read:site")
    site = owned(here, pins=pinned(seen, METADATA))
    with pytest.raises(OwnerRefused) as caught:
        planning.enable(site, "greet")
    assert [each.code for each in caught.value.problems] == ["lock.digest"]
    plan = planning.upgrade(site, "greet", None, None)
    assert grants(plan) == ["read:site"] and pin(plan).digest == here.digest()


def test_a_file_that_the_new_version_has_not_goes() -> None:
    old = greeter()
    more = ExtensionFiles("plugin", "greet", SITE, {**old.files, "old.txt": b"x"})
    plan = planning.upgrade(owned(more, pins=pinned(more)), "greet", old, None)
    assert plan.files["plugins/greet/old.txt"] is None
    assert "plugins/greet/main.lua" not in plan.files


def test_what_is_uninstalled_leaves_nothing() -> None:
    files = greeter()
    plan = planning.uninstall(owned(files, pins=pinned(files)), "plugin:greet")
    assert set(plan.files.values()) == {None} and LOCK in plan.files
    assert plan.lists == {"plugin": []}


def test_what_comes_with_the_product_is_not_the_sites_to_change() -> None:
    for act in (planning.uninstall, lambda site, key: planning.upgrade(site, key, None, None)):
        with pytest.raises(OwnerRefused, match="comes with the product"):
            act(owned(top=config()), "reading-time")
    plan = planning.enable(owned(top=config()), "reading-time")
    assert (plan.grants, dict(plan.files)) == ((), {})


def test_a_site_that_was_written_by_hand_comes_to_its_lock() -> None:
    files = greeter(METADATA)
    plan = planning.pin_all(owned(files))
    assert grants(plan) == [METADATA] and pin(plan).digest == files.digest()
    gone = {"gone": Entry(capabilities=["read:site"]), **pinned(files, METADATA)}
    cleaned = planning.pin_all(owned(files, pins=gone))
    assert set(read_lock(cleaned.files[LOCK]).tables.plugins) == {"greet"}
    assert planning.pin_all(owned(files, pins=pinned(files, METADATA))).files == {}


def test_the_defaults_are_written_out_when_one_of_them_changes() -> None:
    plan = planning.disable(owned(top="[whispercms]\n"), "reading-time")
    assert plan.lists == {
        "plugin": [
            {"id": "reading-time", "group": "bundled", "enabled": False},
            {"id": "external-links", "group": "bundled"},
        ]
    }


def test_a_theme_with_two_mounts_is_configured_at_each() -> None:
    themes = (
        '[[whispercms.themes]]\nid = "plain"\nsettings = { accent = "rowan", footer = "a" }\n'
        '[[whispercms.themes]]\nid = "plain"\nmount = "/x/"\nsettings = { footer = "b" }\n'
    )
    site = owned(top=f"[whispercms]\n{themes}")
    plan = planning.configure(site, "plain", ["show_reading_time=false"], ["accent"])
    assert [row["settings"] for row in plan.lists["theme"]] == [
        {"footer": "a", "show_reading_time": False},
        {"footer": "b", "show_reading_time": False},
    ]


def test_a_plugin_has_no_mount() -> None:
    with pytest.raises(OwnerRefused, match="which has no mount") as caught:
        planning.enable(owned(top=config()), "reading-time", "/x/")
    assert caught.value.code == "mount"


@pytest.mark.parametrize("name", ["nosuch", "plugin:nosuch", "x:greet", "../greet", ""])
def test_an_unknown_name_is_told(name: str) -> None:
    with pytest.raises(OwnerRefused) as caught:
        planning.enable(owned(greeter()), name)
    assert caught.value.code == "unknown"


def test_all_that_is_wrong_with_a_manifest_is_told_and_a_broken_lock_too() -> None:
    bad = ExtensionFiles("plugin", "greet", SITE, {"plugin.toml": b'id = "x"\nunknown = 1\n'})
    with pytest.raises(OwnerRefused) as caught:
        planning.install(owned(top=config()), bad, None)
    assert len(caught.value.problems) > 3
    broken = owned(greeter())
    site = Owned(
        configuration=broken.configuration,
        files={**broken.files, LOCK: b"[plugins.greet]\ndigest = 1\nx = 2\n"},
        bundled=ROOT,
    )
    with pytest.raises(OwnerRefused) as caught:
        planning.enable(site, "greet")
    assert [each.code for each in caught.value.problems] == ["lock.value", "lock.value"]
    assert find("plugin", "greet", site.files, ROOT)


def test_settings_are_set_at_each_place_and_held_against_the_manifest() -> None:
    site = owned(greeter(more=SETTING))
    plan = planning.set_up(site, "greet", [{"words": 5}])
    assert [row["settings"] for row in plan.lists["plugin"]] == [{"words": 5}]
    assert planning.set_up(site, "greet", [{}]).lists == {}
    with pytest.raises(OwnerRefused) as caught:
        planning.set_up(site, "greet", [{"words": "many", "none": 1}])
    assert len(caught.value.problems) == 2
    with pytest.raises(OwnerRefused) as caught:
        planning.set_up(site, "greet", [{}, {}])
    assert caught.value.code == "places"


def test_a_move_is_of_what_is_listed() -> None:
    site = owned(greeter(), top=config("greet", "other"))
    plan = planning.move(site, "greet", 1)
    assert [row["id"] for row in plan.lists["plugin"]] == ["other", "greet"]
    assert planning.move(site, "greet", -1).lists == {}
    with pytest.raises(OwnerRefused) as caught:
        planning.move(owned(greeter(), top=config()), "greet", 1)
    assert caught.value.code == "unlisted"


def test_what_is_brought_back_asks_for_what_it_has_not_now() -> None:
    now, before = greeter(METADATA), greeter(METADATA, "read:site", body="-- before")
    site = owned(now, pins=pinned(now, METADATA))
    plan = planning.bring_back(site, before)
    assert grants(plan) == ["read:site"] and pin(plan).digest == before.digest()
    assert plan.cause == "Bring back plugin greet 1.0.0" and plan.lists == {}
