from dataclasses import replace

import pytest

from apps.content.configuration import read_configuration
from apps.extensions.finding import BUNDLED, SITE
from apps.gitsync.releases.pins import differences, pins_of
from apps.gitsync.releases.release import ExtensionPin, Pins
from tests.sites import CONFIG, ROOT

TREE = "a" * 40
KEPT = {"themes/plain/theme.toml": b"x", "extensions.lock": b"", "policies/a.cedar": b"permit"}


def pins(kept: dict[str, bytes], config: str = CONFIG) -> Pins:
    configuration = read_configuration(config, frozenset())
    return pins_of(configuration, kept, tree=TREE, renderer="r", bundled=ROOT)


def codes(old: Pins, new: Pins) -> list[tuple[str, bool]]:
    return [(each.problem.code, each.here) for each in differences(old, new)]


def test_all_enabled_extensions_are_pinned_wherever_their_bytes_are() -> None:
    found = dict(pins(KEPT).extensions)
    assert found["themes/plain"].origin == SITE
    assert found["themes/feed"].origin == found["plugins/reading-time"].origin == BUNDLED
    assert list(found) == sorted(found)


def test_the_same_bytes_make_the_same_pins() -> None:
    assert codes(pins(KEPT), pins(dict(reversed(KEPT.items())))) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("themes/plain/theme.toml", "release.extension"),
        ("extensions.lock", "release.grants"),
        ("policies/a.cedar", "release.policies"),
    ],
)
def test_other_bytes_of_the_commit_are_told_as_such(path: str, code: str) -> None:
    assert codes(pins(KEPT), pins({**KEPT, path: b"other"})) == [(code, False)]
    without = {name: content for name, content in KEPT.items() if name != path}
    assert codes(pins(KEPT), pins(without)) == [(code, False)]


def test_other_bytes_of_this_node_are_told_as_such() -> None:
    found = pins({})
    other = replace(
        found,
        renderer="other",
        host="0",
        extensions=(("themes/feed", ExtensionPin(origin=BUNDLED, digest="sha256:0")),),
    )
    told = codes(found, other)
    assert {code for code, _ in told} == {"release.renderer", "release.host", "release.extension"}
    assert all(here for _, here in told)


def test_another_tree_is_told() -> None:
    assert codes(pins({}), replace(pins({}), tree="b" * 40)) == [("release.tree", False)]
