from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.wordpress import bounds
from apps.content.wordpress.wxr import Export, ExportError
from tests import wxr
from tests.tables import each_of

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
)
NO_EXPORT = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title></channel></rss>'
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)


def read(content: bytes, *, bodies: bool = True, size: int = 1000) -> list[dict[str, Any]]:
    export, found = Export(bodies=bodies), []
    for start in range(0, len(content), size):
        found += export.feed(content[start : start + size], last=False)
    return [*found, *export.feed(b"", last=True)]


def items(content: bytes, **options: Any) -> list[dict[str, Any]]:
    return [each for each in read(content, **options) if each["kind"] == "item"]


def refused(content: bytes) -> tuple[str, int]:
    with pytest.raises(ExportError) as caught:
        read(content)
    return caught.value.code, caught.value.line


def test_an_item_is_what_it_says_wherever_the_bytes_are_cut() -> None:
    content = wxr.export(wxr.item(7, title="A < B & ]]> C", body="<p>\\ 🦊</p>"))
    for size in (1, 7, 100_000):
        (found,) = items(content, size=size)
        assert (found["id"], found["title"]) == ("7", "A < B & ]]> C")
        assert found["body"] == "<p>\\ 🦊</p>"


@given(title=XML_TEXT, body=XML_TEXT)
@settings(max_examples=20)
def test_any_text_comes_out_as_it_went_in(title: str, body: str) -> None:
    (found,) = items(wxr.export(wxr.item(title=title, body=body)))
    assert found["body"] == body
    assert found["title"] == title.strip()[: bounds.NAME_CHARACTERS]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_all_versions_are_read_whatever_their_namespaces_are_called(
    version: str, scheme: str
) -> None:
    content = wxr.export(wxr.item()).replace(b"http://wordpress.org/export/1.2", b"URI")
    content = content.replace(b"URI", f"{scheme}://wordpress.org/export/{version}".encode())
    content = content.replace(b"wp:wxr_version>1.2", f"wp:wxr_version>{version}".encode())
    content = content.replace(b"wp:", b"other:").replace(b"xmlns:wp", b"xmlns:other")
    assert [each["body"] for each in items(content)] == ["Hello"]


def test_a_survey_has_no_texts() -> None:
    content = wxr.export(wxr.item(more=wxr.comment(1, "hi") + wxr.comment(2, "ho")))
    (found,) = items(content, bodies=False)
    assert (found.get("body"), found.get("comments")) == (None, None)
    assert found["comment_count"] == 2


def test_addresses_of_people_are_taken_up_nowhere() -> None:
    content = wxr.export(wxr.item(password="sesame", more=wxr.comment(1, "hi")))
    told = repr(read(content))
    assert b"private.example" in content
    assert "private.example" not in told
    assert "203.0.113.9" not in told
    assert "sesame" not in told
    assert "Ada Lovelace" in told


@each_of(
    ("content", "code", "line"),
    [
        (b"", "wordpress.xml", 1),
        (b"no XML", "wordpress.xml", 1),
        (wxr.export(wxr.item())[:-20], "wordpress.xml", 26),
        (wxr.export("<item>\n<title>a</item>"), "wordpress.xml", 18),
        (wxr.export(wxr.item(body="\x08")), "wordpress.xml", 20),
        (wxr.export(wxr.item(title="é")).replace("é".encode(), b"\xe9"), "wordpress.xml", 18),
        (wxr.export().replace(b'"UTF-8"', b'"klingon"'), "wordpress.encoding", 1),
        (NO_EXPORT, "wordpress.form", 1),
        (b"<html><body/></html>", "wordpress.form", 1),
        (wxr.export().replace(b">1.2<", b">2.0<"), "wordpress.version", 13),
        (b"<!DOCTYPE rss [" + LAUGHS.encode() + b"]><rss>&l9;</rss>", "wordpress.doctype", 1),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "wordpress.doctype", 1),
        (wxr.export("<item>&undeclared;</item>"), "wordpress.xml", 17),
        (wxr.export("<item>" + "<a>" * bounds.DEPTH), "wordpress.bounds", 17),
    ],
)
def test_what_is_no_export_is_refused_with_its_line(content: bytes, code: str, line: int) -> None:
    assert refused(content) == (code, line)


def test_an_item_has_so_many_elements_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ELEMENTS", 50)
    assert len(items(wxr.export("<item>" + "<a/>" * 49 + "</item>", wxr.item()))) == 2
    assert refused(wxr.export("<item>" + "<a/>" * 50 + "</item>"))[0] == "wordpress.bounds"


def test_utf_16_is_read_and_utf_7_is_not() -> None:
    text = wxr.export(wxr.item(title="Füchse 🦊")).decode()
    (found,) = items(text.replace('"UTF-8"', '"UTF-16"').encode("utf-16"))
    assert found["title"] == "Füchse 🦊"
    assert refused(text.replace('"UTF-8"', '"UTF-7"').encode("utf-7"))[0].startswith("wordpress.")


WHOLE = wxr.export(wxr.category("c", "C"), wxr.item(more=wxr.comment(1, "hi")))


@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=12))
@settings(max_examples=50)
def test_a_file_that_is_damaged_anywhere_is_read_or_refused(at: int, lost: int, put: bytes) -> None:
    with suppress(ExportError):
        read(WHOLE[:at] + put + WHOLE[at + lost :])


def test_an_inclusion_is_an_element_without_a_meaning() -> None:
    inclusion = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    (found,) = items(wxr.export(wxr.item(more=inclusion)))
    assert "passwd" not in repr(found)


def test_of_an_item_that_is_too_long_the_end_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ITEM_CHARACTERS", 1000)
    long, short = items(wxr.export(wxr.item(1, body="a" * 2000), wxr.item(2, body="b")))
    assert (long["cut"], len(long["body"])) == (True, 0)
    assert (short["cut"], short["body"]) == (False, "b")
