"""Files that are all header: JSON documents, `config.toml` and the like, changed in one field."""

import json

import pytest

from apps.content import markup
from apps.content.editing import ABSENT, Changes, EditError, Format, edit
from tests.content.edits import numstat
from tests.tables import each_of

PAGE = '{\n  "title": "A",\n  "tags": ["x"],\n  "body": "<p>text"\n}\n'
AROUND = ("", "\n", " \r\n\t", "\ufeff", "\ufeff\n  ")


def alone(text: str, changes: Changes, body: str | None = None, format: Format = "json") -> str:
    return edit(text.encode(), changes, body, alone=format).decode()


@each_of("before", AROUND)
@each_of("after", ["", "\n\n ", "\r\n"])
def test_what_stands_around_a_json_document_stays(before: str, after: str) -> None:
    text = before + PAGE + after
    assert alone(text, {"title": "B"}) == text.replace('"A"', '"B"')
    assert alone(text, {"tags": ["x", "y"]}) == text.replace('["x"]', '["x", "y"]')
    assert alone(text, {"tags": ABSENT}) == text.replace('  "tags": ["x"],\n', "")
    assert numstat(text.encode(), alone(text, {"draft": True}).encode()) == (1, 0)
    assert markup.parse("json", alone(text, {"title": "B"})).title == "B"


@each_of("before", AROUND)
@each_of("key", ["body", "content"])
def test_the_body_of_a_json_document_is_its_field(before: str, key: str) -> None:
    text = before + PAGE.replace("body", key)
    made = alone(text, {}, "new\r\n<b>")
    assert made == text.replace("<p>text", "new\\n<b>")
    assert "new\n" in markup.render("json", made).html


def test_a_json_document_without_a_body_gets_one() -> None:
    assert json.loads(alone('{"a": 1}', {"a": 2}, "b")) == {"a": 2, "body": "b"}
    assert json.loads(alone("", {"a": 2}, "b")) == {"a": 2, "body": "b"}
    assert json.loads(alone(" \n", {"a": 2})) == {"a": 2}


@pytest.mark.parametrize(
    ("format", "before", "changes", "after"),
    [
        ("toml", 'a = "x" # c', {"a": "y"}, 'a = "y" # c'),
        ("toml", "# c\r\n[t]\r\na = 1\r\n", {"t.a": 2}, "# c\r\n[t]\r\na = 2\r\n"),
        ("toml", "", {"a": 1}, "a = 1\n"),
        ("yaml", "a: x # c\nb: [1]", {"b": [1, 2]}, "a: x # c\nb: [1, 2]"),
        ("yaml", "---\na: 1\n", {"a": 2}, "---\na: 2\n"),
        ("yaml", "", {"a": 1}, "a: 1\n"),
    ],
)
def test_other_files_that_are_all_header_get_no_fences(
    format: Format, before: str, changes: Changes, after: str
) -> None:
    assert alone(before, changes, format=format) == after


@pytest.mark.parametrize(
    ("text", "format", "body", "code", "line"),
    [
        ("[1]", "json", None, "front-matter.not-a-mapping", 1),
        ('{"a": 1} x', "json", None, "front-matter.syntax", 1),
        ('{"a":\n1, "a": 2}', "json", None, "front-matter.duplicate-key", 2),
        ('{"a": ' + "[" * 30_000, "json", None, "front-matter.too-deep", 1),
        ("a = [", "toml", None, "front-matter.syntax", 1),
        ("a: &x 1\nb: *x\n", "yaml", None, "front-matter.alias", 2),
        ("a = 1\n", "toml", "text", "edit.body", 0),
    ],
)
def test_what_is_refused_is_told_with_its_line(
    text: str, format: Format, body: str | None, code: str, line: int
) -> None:
    with pytest.raises(EditError) as caught:
        alone(text, {"a": 2}, body, format)
    assert (caught.value.code, caught.value.line) == (code, line)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("commonmark", "# Heading\n\ntext\n"),
        ("python-markdown", "Heading\n=======\n\ntext\n"),
        ("commonmark", "---\ndraft: true\n---\n\n# Heading\n\ntext\n"),
        ("html", "<h1>Heading</h1><p>text\n"),
    ],
)
def test_a_title_that_was_the_first_heading_becomes_a_field_and_the_heading_stays(
    kind: str, text: str
) -> None:
    assert markup.parse(kind, text).title == "Heading"
    made = edit(text, {"title": "Field"}).decode()
    assert markup.parse(kind, made).title == "Field"
    assert text.rpartition("---\n")[2] in made
    assert "Heading</h1>" in markup.render(kind, made).html
    back = edit(made, {"title": ABSENT}).decode()
    assert markup.parse(kind, back).title == "Heading"
