import pytest

from apps.delivery.http.sending import (
    ASK_FIRST,
    KEY_CHARACTERS,
    KEYS,
    NEVER,
    PERSONAL,
    PLAIN,
    Origin,
    Sending,
    caching,
    surrogate_key,
    surrogate_keys,
)
from apps.delivery.replies import Reply
from tests.tables import each_of

SHARED = Sending(shared_seconds=60)


@pytest.mark.parametrize("status", [200, 203, 301, 308, 404, 410])
def test_what_is_true_for_everyone_may_be_kept_by_all_who_ask_first(status: int) -> None:
    assert caching(Reply(status), Origin(), PLAIN) == ASK_FIRST


@each_of("status", [400, 403, 405, 412, 414, 416, 429, 500, 502, 503])
def test_what_went_wrong_this_time_is_not_kept(status: int) -> None:
    assert caching(Reply(status), Origin(), PLAIN) == NEVER
    assert caching(Reply(status), Origin(), SHARED) == NEVER


@pytest.mark.parametrize("sending", [PLAIN, SHARED])
def test_what_is_not_whole_is_not_kept(sending: Sending) -> None:
    assert caching(Reply(200), Origin(whole=False), sending) == NEVER


@pytest.mark.parametrize("sending", [PLAIN, SHARED])
def test_what_is_for_one_visitor_is_private_and_not_kept(sending: Sending) -> None:
    assert caching(Reply(200), Origin(personal=True), sending) == PERSONAL
    assert caching(Reply(500), Origin(personal=True, whole=False), sending) == PERSONAL
    assert caching(Reply(200, (("set-cookie", "a=b"),)), Origin(), sending) == PERSONAL


def test_a_content_network_may_keep_what_browsers_still_ask_for() -> None:
    """`no-cache` would bind the network as well (RFC 9111, 5.2.2.4)."""
    said = caching(Reply(200), Origin(), SHARED).split(", ")
    assert {"public", "max-age=0", "must-revalidate", "s-maxage=60"} == set(said)


def test_keys_name_the_site_and_what_a_page_shows() -> None:
    assert surrogate_keys(()) == "site"
    assert surrogate_keys(("document:/b/", "alias:/a b/", "document:/b/")) == (
        "site alias:/a%20b/ document:/b/"
    )


def test_there_are_not_too_many_keys() -> None:
    keys = [f"link:{n:03}" for n in range(KEYS)]
    assert len(surrogate_keys(keys).split()) == 1 + KEYS
    assert surrogate_keys([*keys, "link:999"]) == "site many"


def test_a_key_is_one_word_of_bounded_length() -> None:
    assert surrogate_key("x" * KEY_CHARACTERS) == "x" * KEY_CHARACTERS
    long = surrogate_key("x" * (KEY_CHARACTERS + 1))
    assert len(long) == 32
    assert long != surrogate_key("x" * (KEY_CHARACTERS + 2))
    assert surrogate_key("a b\r\nc\u00e9") == "a%20b%0D%0Ac%C3%A9"
