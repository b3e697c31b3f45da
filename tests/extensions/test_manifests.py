"""Manifests: what is right is typed and frozen, what is wrong is told all at once with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from apps.content.problems import Problem
from apps.extensions import limits
from apps.extensions.acceptance import Accept
from apps.extensions.manifests import (
    Kind,
    PluginManifest,
    ThemeManifest,
    check_settings,
    parse_manifest,
)

PROJECT = Path(__file__).parents[2]
PLUGIN = """
id = "tried"
version = "1.2.3"
requires = ">=1.0,<2"
subscribes = ["content.resolved"]
capabilities = ["read:request.header:accept-language"]

[settings.words]
type = "integer"
default = 5
minimum = 1
maximum = 9

[settings.colours]
type = "strings"
default = ["red"]
choices = ["red", "blue"]
"""
THEME = """
id = "tried"
version = "1"
requires = "~=1.0"
[accept]
metadata = true
headers = ["x-*"]
[[routes]]
name = "all"
path = "/{path}/"
template = "page.html"
"""


def plugin(text: str = PLUGIN) -> PluginManifest:
    manifest = parse_manifest("plugin", "tried", text)
    assert isinstance(manifest, PluginManifest), manifest
    return manifest


BARE = 'id = "tried"\nversion = "1.0.0"\nrequires = ">=1"\nsubscribes = ["content.resolved"]\n'


def theme(text: str = THEME) -> ThemeManifest:
    manifest = parse_manifest("theme", "tried", text)
    assert isinstance(manifest, ThemeManifest), manifest
    return manifest


def problems(kind: Kind, text: str) -> list[tuple[int, str]]:
    found = parse_manifest(kind, "tried", text)
    assert isinstance(found, list)
    assert all(
        isinstance(each, Problem) and each.path == f"{kind}s/tried/{kind}.toml" for each in found
    )
    return [(each.line, each.reason) for each in found]


@pytest.mark.parametrize(
    "path",
    sorted([*PROJECT.glob("plugins/*/plugin.toml"), *PROJECT.glob("themes/*/theme.toml")]),
    ids=lambda path: path.parent.name,
)
def test_the_bundled_extensions_have_manifests_without_a_defect(path: Path) -> None:
    kind: Kind = "plugin" if path.stem == "plugin" else "theme"
    found = parse_manifest(kind, path.parent.name, path.read_text())
    assert not isinstance(found, list), found
    assert found.supports(Version("1.0.0"))


def test_what_is_behind_an_unknown_key_is_told_with_it() -> None:
    setting = '[settings.words]\ntype = "integer"\ndefault = "many"\ncolour = 1\n'
    reasons = [reason for _, reason in problems("plugin", f"colour = 1\n{BARE}{setting}")]
    assert reasons == [
        "colour: is not known here",
        "settings.words: default must be a whole number",
        "settings.words.colour: is not known here",
    ]


def test_so_many_unknown_keys_that_not_all_are_told_end_soon() -> None:
    many = "".join(f"k{number} = 1\n" for number in range(limits.MANIFEST_BYTES // 12))
    assert len(problems("plugin", many)) == limits.MANIFEST_PROBLEMS


def test_a_plugins_manifest_is_typed() -> None:
    found = plugin()
    assert (found.id, found.version) == ("tried", Version("1.2.3"))
    assert found.subscribes == ("content.resolved",)
    assert found.settings["colours"].default == ("red",)
    with pytest.raises(TypeError):
        found.settings["x"] = found.settings["words"]  # type: ignore[index]


def test_a_themes_manifest_is_typed() -> None:
    found = theme()
    assert found.rules == Accept(metadata=True, headers=("x-*",))
    assert found.routes[0].methods == ("GET", "HEAD")


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("1.0.0", True),
        ("1.9", True),
        ("2.0", False),
        ("0.9", False),
        ("1.5.0.dev3", True),
        ("2.0rc1", False),
    ],
)
def test_the_range_of_hosts_does_not_take_prereleases_of_the_next(host: str, fits: bool) -> None:
    assert plugin().supports(Version(host)) is fits


def test_all_defects_of_a_plugin_are_told_together_with_their_lines() -> None:
    text = """id = "Other"
version = "one"
requires = "1.0"
subscribes = ["content.changed"]
capabilities = ["read:site", "write:all", "read:request.header:cookie", "read:site"]
colour = 1

[settings.words]
type = "integer"
default = "five"

[settings.Big]
type = "text"
default = 1
"""
    assert problems("plugin", text) == [
        (1, "id: 'Other' is not the folder's name, 'tried'"),
        (1, "id: must start with a letter and have a-z, 0-9 and - only, at most 64"),
        (2, "version: must be a version such as 1.0.0"),
        (3, "requires: must be a range of versions such as >=1.0,<2"),
        (4, "subscribes: there is no event 'content.changed'"),
        (
            5,
            "capabilities: there is no capability 'read:request.header:cookie'; "
            "there is no capability 'write:all'; the capability 'read:site' is named twice",
        ),
        (6, "colour: is not known here"),
        (8, "settings.words: default must be a whole number"),
        (12, "settings.Big: the name of a setting has a-z, 0-9 and _ only, at most 64"),
        (13, "settings.Big.type: must be 'string', 'integer', 'number', 'boolean' or 'strings'"),
    ]


def test_what_may_be_patched_is_named_by_patterns_of_pointers() -> None:
    text = """id = "tried"
version = "1.0"
requires = ">=1"
[accept]
json = %s
[[routes]]
name = "a"
path = "/"
template = "a.json"
"""
    read = parse_manifest("theme", "tried", text % '["/meta/*", "/items/*/tags/**"]')
    assert isinstance(read, ThemeManifest)
    assert read.rules == Accept(json=("/meta/*", "/items/*/tags/**"))
    for pattern in ("meta", "", "/**/a", "/~", "/" + "a" * limits.POINTER):
        ((line, reason),) = problems("theme", text % f'["{pattern}"]')
        assert line == 5 and reason.startswith("accept.json: ")


def test_all_defects_of_a_theme_are_told_together_with_their_lines() -> None:
    text = """id = "tried"
version = "1.0"
requires = ">=1"
[accept]
headers = ["*"]
transforms = [""]
[[routes]]
name = "a"
path = "/{path}/more/"
methods = ["GET", "POST"]
template = "../page.html"
[[routes]]
name = "a"
path = "/{term}/"
template = "page.html"
status = 99
query = { tags = "{other}", page_size = 0 }
"""
    assert problems("theme", text) == [
        (5, "accept.headers: '*' is not a name or a pattern such as \"x-*\""),
        (6, "accept.transforms: '' is not a selector"),
        (9, "routes.0.path: {path} matches many segments and can only be the last one"),
        (10, "routes.0.methods: POST: routes answer GET and HEAD for now"),
        (11, "routes.0.template: '../page.html' is not a file within the theme's templates folder"),
        (13, "routes.1.name: 'a' is the name of an earlier route"),
        (16, "routes.1.status: must be greater than or equal to 200"),
        (17, "routes.1.query.page_size: must be greater than or equal to 1"),
        (17, "routes.1.query.tags: {other} is not in the path"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = = 2", 2, "this is not TOML: invalid value"),
        ("a = 1\na = 2", 2, "a key or table is given twice here; keep one of them"),
        ("a = [\n", 1, "this is not TOML: invalid value"),
        ("a = " + "[" * 30_000, 1, "values are nested over 24 levels deep"),
        ("#" * (limits.MANIFEST_BYTES + 1), 0, "the manifest is larger than 65536 bytes"),
    ],
)
def test_a_text_that_is_not_toml_is_told_with_its_line(text: str, line: int, reason: str) -> None:
    assert problems("plugin", text) == [(line, reason)]


def test_ten_thousand_defects_are_told_as_the_first_hundred() -> None:
    found = problems("plugin", "\n".join(f"a{i} = 1" for i in range(9000)))
    assert len(found) <= limits.MANIFEST_PROBLEMS


def test_settings_are_resolved_and_their_defects_named() -> None:
    resolved, none = check_settings(plugin(), {"words": 9, "colours": ["blue", "red"]})
    assert (dict(resolved), none) == ({"words": 9, "colours": ("blue", "red")}, ())
    resolved, found = check_settings(plugin(), {"words": 10, "colours": ["green"], "size": 1})
    assert dict(resolved) == {"words": 5, "colours": ("red",)}
    assert found == (
        "size: there is no such setting",
        "colours must be one of red, blue",
        "words must be at most 9",
    )


JSON = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.text(max_size=3) | st.just("/{path}/") | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "path", "type", "default", "query", "{"]), inner)
    ),
    max_leaves=8,
)


def as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" for c in value) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{as_toml(k)} = {as_toml(v)}' for k, v in value.items())}}}"
    return str(value)


@given(
    st.sampled_from(["plugin", "theme"]),
    st.dictionaries(
        st.sampled_from(
            ["id", "version", "requires", "settings", "routes", "accept", "subscribes"]
        ),
        JSON,
    ),
)
@settings(deadline=None)
def test_no_manifest_raises_and_none_is_refused_without_a_reason(
    kind: Kind, values: dict[str, Any]
) -> None:
    found = parse_manifest(
        kind, "tried", "\n".join(f"{k} = {as_toml(v)}" for k, v in values.items())
    )
    assert not isinstance(found, list) or (found and all(each.reason for each in found))
