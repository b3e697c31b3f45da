"""The site's lists, with one extension changed and all others as they were."""

from apps.extensions.owning.choosing import configured, moved, removed, switched_off, switched_on
from apps.extensions.owning.owned import Lists

LISTS: Lists = {
    "theme": [{"id": "plain"}, {"id": "feed", "mount": "/feed/"}],
    "plugin": [{"id": "toc", "settings": {"depth": 2}}, {"id": "links"}],
}


def test_a_plugin_that_was_not_listed_comes_last() -> None:
    made = switched_on(LISTS, "plugin", "new", None)
    assert made["plugin"] == [*LISTS["plugin"], {"id": "new"}]
    assert made["theme"] == LISTS["theme"]


def test_what_is_switched_off_keeps_its_place_and_its_settings() -> None:
    off = switched_off(LISTS, "plugin", "toc")
    assert off["plugin"][0] == {"id": "toc", "settings": {"depth": 2}, "enabled": False}
    assert switched_off(off, "plugin", "toc") == off
    assert switched_on(off, "plugin", "toc", None) == LISTS


def test_a_theme_takes_the_place_of_the_one_at_its_mount() -> None:
    made = switched_on(LISTS, "theme", "own", None)
    assert made["theme"] == [
        {"id": "plain", "enabled": False},
        {"id": "feed", "mount": "/feed/"},
        {"id": "own"},
    ]
    assert switched_on(made, "theme", "plain", None)["theme"][2] == {"id": "own", "enabled": False}
    aside = switched_on(LISTS, "theme", "own", "/notes/")
    assert aside["theme"] == [*LISTS["theme"], {"id": "own", "mount": "/notes/"}]


def test_a_theme_with_two_mounts_is_switched_at_both_or_at_the_one_that_is_named() -> None:
    twice: Lists = {**LISTS, "theme": [*LISTS["theme"], {"id": "plain", "mount": "/x/"}]}
    off = switched_off(twice, "theme", "plain")
    assert [row.get("enabled", True) for row in off["theme"]] == [False, True, False]
    assert switched_on(off, "theme", "plain", None) == twice
    one = switched_on(off, "theme", "plain", "/x/")["theme"]
    assert [row.get("enabled", True) for row in one] == [False, True, True]


def test_settings_are_written_and_taken_away_as_a_whole() -> None:
    made = configured(LISTS, "plugin", "links", [{"a": 1}])
    assert made["plugin"][1] == {"id": "links", "settings": {"a": 1}}
    assert configured(made, "plugin", "links", [{}]) == LISTS
    assert removed(LISTS, "plugin", "toc")["plugin"] == [{"id": "links"}]


def test_what_is_moved_stays_within_its_list() -> None:
    up = moved(LISTS, "plugin", "links", -1)
    assert [row["id"] for row in up["plugin"]] == ["links", "toc"]
    assert moved(up, "plugin", "links", 1) == LISTS
    assert moved(LISTS, "plugin", "toc", -1) == LISTS == moved(LISTS, "plugin", "links", 1)
    assert moved(LISTS, "plugin", "none", 1) == LISTS
