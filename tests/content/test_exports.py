from io import BytesIO

import pytest

from apps.content.exports import LIMITS, ExportReader
from apps.content.wordpress.messages import Author, Item, converted_of, record_of
from apps.content.wordpress.wxr import ExportError
from apps.runtime.workers import Limits, Workers
from tests import wxr


@pytest.fixture(scope="module")
def reader(workers: Workers) -> ExportReader:
    return ExportReader(workers)


def records(reader: ExportReader, content: bytes) -> list[object]:
    return list(reader.records(BytesIO(content), bodies=True, read=lambda done: None))


def test_a_file_is_read_in_its_order_in_a_confined_worker(reader: ExportReader) -> None:
    parts = [wxr.item(n, body="x" * 30_000) for n in range(1, 40)]
    done: list[int] = []
    content = wxr.export(*parts)
    found = list(reader.records(BytesIO(content), bodies=True, read=done.append))
    assert [each.id for each in found if isinstance(each, Item)] == [str(n) for n in range(1, 40)]
    assert Author("ada", "Ada Lovelace") in found
    assert (len(done) > 4, done[-1]) == (True, len(content))


def test_after_a_file_that_was_refused_another_is_read(reader: ExportReader) -> None:
    with pytest.raises(ExportError) as caught:
        records(reader, b"<!DOCTYPE rss []><rss/>")
    assert caught.value.code == "wordpress.doctype"
    assert len(records(reader, wxr.export(wxr.item()))) > 1


def test_a_body_that_is_too_much_costs_its_worker_and_nothing_else(workers: Workers) -> None:
    limits = Limits(
        memory=LIMITS.memory,
        cpu_seconds=0.05,
        wall_seconds=20.0,
        request_bytes=LIMITS.request_bytes,
        reply_bytes=LIMITS.reply_bytes,
    )
    reader = ExportReader(workers, limits)
    assert reader.convert("<p><li" * 300_000) is None
    assert reader.convert("fine") == converted_of({"pieces": ["<p>fine</p>\n"], "left": {}})
    reader.close()


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "item"},
        {"kind": "author", "login": 1, "name": "x"},
        {"kind": "channel", "a": "b", "c": "d"},
        {"kind": "term", "taxonomy": "x"},
        {"kind": "channel", "link": ["x"]},
    ],
)
def test_an_answer_of_another_form_is_none(told: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        record_of(told)
