"""Upgrades between schemas that are made up here: there is but one real one so far."""

import pytest

from apps.content.configuration import SCHEMA, ConfigurationError, read_configuration
from apps.content.upgrades import MIGRATIONS, Migration, UpgradeError, upgrade, wanted, with_schema

CONFIG = '# mine\n[whispercms]  # ours\ntitle = "x"  # kept\n'
RENAME = Migration(
    before=1,
    says="folder `old` becomes `new`",
    wants=lambda path: path.startswith("old/"),
    change=lambda files: {
        **{p: None for p in files if p.startswith("old/")},
        **{f"new/{p[4:]}": c for p, c in files.items() if p.startswith("old/")},
    },
)
SHOUT = Migration(
    before=2,
    says="all that is new is louder",
    wants=lambda path: path.startswith("new/"),
    change=lambda files: {p: c + b"!" for p, c in files.items() if p.startswith("new/")},
)


def test_steps_follow_each_other_and_the_number_is_written() -> None:
    files = {"config.toml": CONFIG.encode(), "old/a": b"a", "new/b": b"b"}
    found = upgrade(files, (RENAME, SHOUT), 3)
    assert (found.before, found.after, len(found.said)) == (1, 3, 2)
    assert found.changed == {
        "config.toml": b'# mine\n[whispercms]  # ours\nschema = 3\ntitle = "x"  # kept\n',
        "old/a": None,
        "new/a": b"a!",
        "new/b": b"b!",
    }


def test_a_later_site_takes_only_the_steps_that_are_left() -> None:
    files = {"config.toml": b"[whispercms]\nschema = 2\n", "old/a": b"a", "new/b": b"b"}
    found = upgrade(files, (RENAME, SHOUT), 3)
    assert found.changed == {"config.toml": b"[whispercms]\nschema = 3\n", "new/b": b"b!"}


@pytest.mark.parametrize("text", [CONFIG, "[whispercms]\nschema = 1\n", 'base_url = "x"\n'])
def test_there_is_nothing_to_do_today(text: str) -> None:
    assert (SCHEMA, MIGRATIONS) == (1, ())
    assert upgrade({"config.toml": text.encode()}).changed == {}
    assert upgrade({}).changed == {}


def test_a_site_that_is_not_ours_has_no_schema() -> None:
    assert upgrade({"config.toml": b'base_url = "x"\n'}, (RENAME,), 2).changed == {}


def test_a_newer_site_is_not_brought_back() -> None:
    with pytest.raises(UpgradeError, match="upgrade WhisperCMS"):
        upgrade({"config.toml": b"[whispercms]\nschema = 2\n"})


@pytest.mark.parametrize("text", ['whispercms = {title = "x"}\n', 'whispercms.title = "x"\n'])
def test_a_table_that_is_written_otherwise_is_left_to_its_author(text: str) -> None:
    with pytest.raises(UpgradeError, match="by hand"):
        with_schema(text, 2)


def test_line_endings_stay() -> None:
    assert (
        with_schema('[whispercms]\r\ntitle = "x"', 2) == '[whispercms]\r\nschema = 2\r\ntitle = "x"'
    )
    assert with_schema("[whispercms]", 2) == "[whispercms]\nschema = 2"
    assert with_schema("whispercms.schema = 1 # a\n", 2) == "whispercms.schema = 2 # a\n"


def test_only_what_a_step_wants_is_read() -> None:
    assert [p for p in ("config.toml", "old/a", "x") if wanted(p, (RENAME,))] == [
        "config.toml",
        "old/a",
    ]


def test_a_newer_schema_is_refused_before_its_other_keys_are() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration("[whispercms]\nnew = 1\nschema = 2\n", frozenset())
    assert [(p.code, p.line) for p in caught.value.problems] == [("site.schema", 3)]
    assert read_configuration("[whispercms]\nschema = 1\n", frozenset()).schema == 1


@pytest.mark.parametrize("value", ["0", "-1", '"1"', "true", "1.0"])
def test_a_schema_is_a_number_from_one(value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(f"[whispercms]\nschema = {value}\n", frozenset())
    assert caught.value.problems[0].code == "config.value"
