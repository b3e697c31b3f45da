"""A site's lists: what can be read of them, and what is wrong, at its own line."""

import pytest

from apps.content.configuration import read_configuration
from apps.extensions.configuration import Choices, read_choices

TOP = '[whispercms]\ntitle = "A site"\n'


def read(*rows: str) -> Choices:
    listed = (
        f"[[whispercms.{kind}s]]\n{row}\n" for kind, _, row in (r.partition(" ") for r in rows)
    )
    return read_choices(read_configuration(TOP + "".join(listed), frozenset({"content"})))


def told(*rows: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.code, each.reason) for each in read(*rows).problems]


def test_a_site_that_says_nothing_has_what_comes_with_the_product() -> None:
    assert [each.id for each in read().themes] == ["plain", "feed"]
    assert read().rows == {"theme": (0, 1), "plugin": (0, 1)}


def test_what_cannot_be_read_leaves_the_others_their_places() -> None:
    found = read('plugin id = "A"', 'plugin id = "toc"', 'plugin id = "toc"', 'plugin id = "x"')
    assert [each.id for each in found.plugins] == ["toc", "toc", "x"]
    assert found.rows["plugin"] == (1, 2, 3)
    assert [(each.line, each.code) for each in found.problems] == [
        (4, "config.value"),
        (7, "config.twice"),
    ]


def test_all_that_is_wrong_is_told_in_words() -> None:
    assert told(
        'plugin id = "A"', "plugin id = 1", 'plugin id = "x"\ncolour = 1', 'plugin group = "A"'
    ) == [
        (4, "config.value", f"whispercms.plugins.0.id: {NAME}"),
        (6, "config.value", "whispercms.plugins.1.id: must be a text"),
        (9, "config.value", "whispercms.plugins.2.colour: is not known here"),
        (10, "config.value", "whispercms.plugins.3.id: is missing"),
        (11, "config.value", f"whispercms.plugins.3.group: {NAME}"),
    ]


NAME = "must start with a letter and have a-z, 0-9 and - only, at most 64"


@pytest.mark.parametrize("mount", ["", "x", "/x", "/X/", "//", "/../", "/-/", "/a b/"])
def test_a_mount_is_an_address(mount: str) -> None:
    ((line, code, reason),) = told(f'theme id = "plain"\nmount = "{mount}"')
    assert (line, code) == (5, "config.value")
    assert reason.endswith("must be / or an address such as /blog/, of a-z, 0-9, '.', _ and -")


def test_the_servers_own_addresses_are_no_mounts_unless_nothing_is_there() -> None:
    root, own = 'theme id = "plain"', 'theme id = "feed"\nmount = "/admin/deep/"'
    assert [(line, code) for line, code, _ in told(root, own)] == [(7, "config.reserved")]
    assert told(root, f"{own}\nenabled = false") == []
    assert told(root, 'theme id = "feed"\nmount = "/admins/"') == []


def test_the_front_page_needs_a_theme() -> None:
    assert [code for _, code, _ in told('theme id = "plain"\nmount = "/x/"')] == ["theme.none"]
    assert [code for _, code, _ in told("theme id = 1")] == ["config.value"]
