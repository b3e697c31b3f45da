"""The table of host calls, and what of an event each capability shows."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.capabilities import (
    CALLS,
    REQUEST_HEADER,
    TABLE,
    TOPICS,
    consent,
    find,
    refusal,
    sections,
)
from apps.extensions.names import ID

EVENT: dict[str, Any] = {
    "site": {"title": "S"},
    "request": {"path": "/a/", "method": "GET", "headers": {"accept-language": "de", "x-a": "1"}},
    "content": {"title": "T", "meta": {"a": 1}, "body": "<p>secret</p>"},
    "response": {"status": 200},
    "system": {"commit": "c0ffee"},
}
NAMES = [row.name for row in TABLE] + ["read:request.header:x-a"]


def test_each_call_has_one_capability_and_each_capability_words_and_an_action() -> None:
    calls = [call for row in TABLE for call in row.calls]
    assert len(calls) == len(set(calls)) == len(CALLS)
    assert len({row.action for row in TABLE}) == len(TABLE)
    assert all(row.words and row.calls and ID.fullmatch(row.action.lower()) for row in TABLE)


def test_a_header_is_a_capability_of_its_own_and_is_named_to_people() -> None:
    row = find("read:request.header:accept-language")
    assert row is not None
    assert row.words == "see the header accept-language of each visit"


def test_there_is_no_capability_to_read_all_headers_or_those_that_prove_who_someone_is() -> None:
    refused = ["", "*", "cookie", "authorization", "Accept", "a b", "a\n", "<name>", "-a", "x" * 80]
    assert [find("read:request.header:" + name) for name in refused] == [None] * len(refused)
    assert find(REQUEST_HEADER) is None


def test_nothing_is_shown_without_a_capability() -> None:
    assert sections([]).cut(EVENT) == {}
    assert sections(["read:everything", "propose:status"]).cut(EVENT) == {}


def test_each_capability_shows_its_own_section_only() -> None:
    def shown(*names: str) -> dict[str, Any]:
        return sections(names).cut(EVENT)

    assert shown("read:site") == {"site": EVENT["site"]}
    assert shown("read:response") == {"response": EVENT["response"]}
    assert shown("read:system") == {"system": EVENT["system"]}
    assert shown("read:request") == {"request": {"path": "/a/", "method": "GET", "headers": {}}}
    assert shown("read:request.header:x-a") == {"request": {"headers": {"x-a": "1"}}}
    assert shown("read:content.meta") == {"content": {"title": "T", "meta": {"a": 1}}}
    assert shown("read:content.text") == {"content": {"body": "<p>secret</p>"}}


@given(st.lists(st.sampled_from(NAMES)), st.sampled_from(NAMES))
@settings(deadline=None)
def test_more_capabilities_never_show_less(held: list[str], more: str) -> None:
    fewer, all_of = sections(held).cut(EVENT), sections([*held, more]).cut(EVENT)
    assert fewer.keys() <= all_of.keys()
    for name, section in fewer.items():
        assert {key for key in section if key != "headers"} <= all_of[name].keys()


def test_a_proposal_is_admissible_with_its_capability_in_its_phase_alone() -> None:
    for topic, kinds in TOPICS.items():
        for row in (row for row in TABLE if row.name.startswith("propose:")):
            kind = row.name.removeprefix("propose:")
            assert refusal({row.name}, topic, kind) == (
                None if kind in kinds else f"propose.{kind} is out of phase in {topic!r}"
            )
            without = {other.name for other in TABLE} - {row.name}
            assert (
                refusal(without, topic, kind) == f"propose.{kind} needs the capability {row.name}"
            )


def test_what_there_is_not_is_not_admissible() -> None:
    everything = {row.name for row in TABLE}
    assert refusal(everything, "content.resolved", "script") == "there is no kind 'script'"
    assert refusal(everything, "nothing", "status") == "propose.status is out of phase in 'nothing'"
    assert all(TOPICS[topic] == () for topic in TOPICS if topic.startswith("system."))


def test_people_are_asked_in_sentences_that_do_not_depend_on_the_order() -> None:
    names = ["propose:status", "read:request.header:accept-language", "propose:status", "no:such"]
    assert (
        consent(names)
        == consent(reversed(names))
        == (
            "This extension may see the header accept-language of each visit.",
            "This extension may suggest the status of responses.",
        )
    )
