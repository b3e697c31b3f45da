from apps.content.foreign import hugo, jekyll
from apps.content.foreign.values import (
    MANY,
    TEXT,
    folder,
    lowered,
    table,
    tables,
    text,
    texts,
    truth,
)
from tests.tables import each_of


def test_the_first_text_that_has_the_form_is_taken_in_one_line() -> None:
    values = {"a": 3, "b": "two\nlines", "c": "x"}
    assert text(values, "a", "b", "c") == "two lines"
    assert text(values, "b", "c", pattern="[a-z]") == "x"
    assert text(values, "none") == ""


def test_texts_are_bounded() -> None:
    assert text({"a": "x" * TEXT}, "a") == "x" * TEXT
    assert text({"a": "x" * (TEXT + 1)}, "a") == ""
    assert texts(["x" * TEXT, "x" * (TEXT + 1), 3, None]) == ("x" * TEXT,)


def test_lists_are_bounded() -> None:
    assert len(texts(["x"] * MANY)) == len(texts(["x"] * (MANY + 1))) == MANY
    assert len(tables([{}] * MANY)) == len(tables([{}] * (MANY + 1))) == MANY


def test_whatever_each_document_is_held_against_is_bounded() -> None:
    for many in (MANY, MANY + 1):
        named = {f"n{n:03}": f"n{n:03}" for n in range(many)}
        tables_of = {name: {"output": True} for name in named}
        site = hugo.decode({"taxonomies": named, "languages": tables_of})
        assert len(site.taxonomies or ()) == MANY
        assert len(site.languages) == MANY + 1, "and the default one"
        assert len(jekyll.decode({"collections": tables_of}).collections) == MANY


def test_a_single_text_is_a_list_of_one() -> None:
    assert (texts("x"), texts(3), texts(None)) == (("x",), (), ())


@each_of(
    ("value", "expected"),
    [
        ("content", "content"),
        ("./a/b/", "a/b"),
        (".", ""),
        ("", ""),
        ("/etc", "etc"),
        ("../x", None),
        ("a/../b", None),
        ("a\\b", None),
        ("a\nb", None),
        (3, None),
        (None, None),
    ],
)
def test_a_folder_is_one_of_the_repository(value: object, expected: str | None) -> None:
    assert folder(value) == expected


def test_what_is_no_table_is_an_empty_one() -> None:
    assert (table({"a": 3}, "a"), table({}, "a"), lowered([1]), tables({})) == ({}, {}, {}, [])
    assert lowered({"BaseURL": 1}) == {"baseurl": 1}


def test_only_what_says_yes_is_true() -> None:
    assert all(map(truth, (True, "true", "yes", "On")))
    assert not any(map(truth, (False, "no", "false", 1, None, [], "maybe")))
