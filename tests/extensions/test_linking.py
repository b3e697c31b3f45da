"""What extensions need of each other, and where themes answer, held against each other."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from apps.content.problems import Problem
from apps.extensions.finding import SITE, ExtensionFiles, Kind
from apps.extensions.linking import Linked, disagreements
from apps.extensions.manifests import parse_manifest

ROUTE = '[[routes]]\nname = "r"\npath = "{path}"\ntemplate = "r.html"\n'


def made(kind: Kind, name: str, text: str = "", *, version: str = "1.0", mount: str = "") -> Linked:
    head = f'id = "{name}"\nversion = "{version}"\nrequires = ">=1.0"\n'
    head += 'subscribes = ["content.resolved"]\n' if kind == "plugin" else ""
    text = head + text
    manifest = parse_manifest(kind, name, text)
    assert not isinstance(manifest, list), manifest
    files = {f"{kind}.toml": text.encode()}
    return Linked(ExtensionFiles(kind, name, SITE, files), manifest, mount)


def needing(name: str, *needed: str) -> Linked:
    inner = ", ".join(f'"plugin:{each}" = ">=1"' for each in needed)
    return made("plugin", name, f"needs = {{ {inner} }}\n")


def told(extensions: Sequence[Linked]) -> list[tuple[str, int, str]]:
    return [(each.code, each.line, each.reason) for each in disagreements(extensions)]


def codes(problems: Sequence[Problem]) -> list[str]:
    return [each.code for each in problems]


def test_what_is_needed_has_to_be_enabled_in_a_version_that_will_do() -> None:
    old = made("plugin", "toc", version="0.9")
    assert told([needing("a", "toc"), made("plugin", "toc")]) == []
    assert told([needing("a", "toc")]) == [
        ("link.missing", 5, "needs plugin:toc >=1, which is not enabled")
    ]
    assert told([needing("a", "toc"), old]) == [
        ("link.version", 5, "needs plugin:toc >=1, but 0.9 is enabled")
    ]


def test_all_that_is_missing_is_told_together() -> None:
    found = list(disagreements([needing("a", "x", "y"), needing("b", "x")]))
    assert codes(found) == ["link.missing"] * 3


def test_a_circle_is_spelled_out_from_its_first_name_on() -> None:
    circle = [needing("c", "a"), needing("a", "b"), needing("b", "c")]
    assert [reason for _, _, reason in told(circle)] == [
        "plugin:a → plugin:b → plugin:c → plugin:a: a cycle"
    ]
    assert "plugin:a → plugin:a" in told([needing("a", "a")])[0][2]


def test_two_circles_are_both_told() -> None:
    four = [needing("a", "b"), needing("b", "a"), needing("c", "d"), needing("d", "c")]
    assert codes(list(disagreements(four))) == ["link.cycle", "link.cycle"]


@given(st.permutations([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e")]))
def test_the_order_of_the_list_changes_nothing(edges: list[tuple[str, str]]) -> None:
    found = sorted(disagreements([needing(name, needed) for name, needed in edges]))
    assert [each.path for each in found] == ["plugins/a/plugin.toml", "plugins/e/plugin.toml"]


def test_a_route_at_the_servers_own_address_never_answers() -> None:
    for path, mount, never in (
        ("/admin/", "/", True),
        ("/healthz", "/", True),
        ("/-/{name}", "/", True),
        ("/admins/{name}/", "/", False),
        ("/{name}/admin/", "/", False),
        ("/admin/", "/blog/", False),
        ("/", "/admin/", False),
    ):
        own = made("theme", "own", ROUTE.format(path=path), mount=mount)
        assert bool(told([own])) is never, path
    own = made("theme", "own", ROUTE.format(path="/static/{name}"), mount="/")
    ((code, line, reason),) = told([own])
    assert (code, line) == ("link.route", 6)
    assert reason == "route r: this is the server's own address, so it never answers"


def test_a_route_under_another_themes_mount_never_answers() -> None:
    feed = made("theme", "feed", ROUTE.format(path="/"), mount="/feed/")
    for path, clashes in (
        ("/feed/", True),
        ("/feed", True),
        ("/feed/{name}/", True),
        ("/feeds/", False),
        ("/{name}/", False),
        ("/{path}/", False),
    ):
        root = made("theme", "own", ROUTE.format(path=path), mount="/")
        assert bool(told([root, feed])) is clashes, path
        assert bool(told([feed, root])) is clashes, path
