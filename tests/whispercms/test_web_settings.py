"""The settings of what answers visitors. That each is read is shown with the others."""

from dataclasses import fields
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.ingress.quotas import MOST_QUOTAS
from tests.tables import each_of
from whispercms.settings_file import SettingsError
from whispercms.web_settings import (
    CACHE_MEGABYTES,
    DECODERS,
    IMAGE_MEGABYTES,
    KEYS,
    MOST_ORIGINS,
    MOST_PROXIES,
    PROCESSES,
    SHARED_SECONDS,
    Web,
    typed,
    web,
)

ANY = st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text() | st.integers()))


def refused(key: str, value: object) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        typed(key, value, "line 3")
    assert caught.value.place == "line 3" and caught.value.remedy
    return caught.value


def test_each_setting_has_its_way_of_being_read() -> None:
    assert DECODERS.keys() == KEYS == {each.name for each in fields(Web)}


@pytest.mark.parametrize(
    ("key", "bounds"),
    [
        ("cache_megabytes", CACHE_MEGABYTES),
        ("image_megabytes", IMAGE_MEGABYTES),
        ("shared_seconds", SHARED_SECONDS),
        ("processes", PROCESSES),
    ],
)
def test_numbers_have_bounds(key: str, bounds: tuple[int, int]) -> None:
    for inside in bounds:
        assert typed(key, inside, "") == typed(key, str(inside), "") == inside
    for outside in (bounds[0] - 1, bounds[1] + 1):
        refused(key, outside)


@each_of(
    ("key", "value"),
    [
        ("trusted_proxies", ["10.0.0.1/8"]),
        ("trusted_proxies", ["proxy.example.org"]),
        ("trusted_proxies", "10.0.0.0/33"),
        ("trusted_proxies", 3),
        ("rate_limits", ["/ 0/second"]),
        ("rate_limits", ["search/ 1/second"]),
        ("rate_limits", "/ 1/day"),
        ("search_limit", "0/minute"),
        ("search_limit", "60"),
        ("search_limit", "/ 60/minute"),
        ("search_limit", 60),
        ("cors_origins", ["https://a.org/"]),
        ("cors_origins", ["HTTPS://a.org"]),
        ("cors_origins", ["null"]),
        ("cors_origins", ["ftp://a.org"]),
        ("server", "nginx"),
        ("metrics", "yes"),
        ("debug_headers", "perhaps"),
        ("redis", "http://a"),
        ("redis", "redis://"),
        ("redis", "redis://a:port"),
        ("redis", "redis://a\n"[:-1] + "\x00"),
        ("tls_key", 3),
    ],
)
def test_what_does_not_fit_is_refused(key: str, value: Any) -> None:
    refused(key, value)


@pytest.mark.parametrize(
    ("key", "one", "most"),
    [
        ("trusted_proxies", "10.0.0.1", MOST_PROXIES),
        ("rate_limits", "/ 1/second", MOST_QUOTAS),
        ("cors_origins", "https://a.org", MOST_ORIGINS),
    ],
)
def test_lists_have_a_most(key: str, one: str, most: int) -> None:
    found = typed(key, [one] * most, "")
    assert isinstance(found, tuple) and len(found) == most
    refused(key, [one] * (most + 1))


def test_an_address_is_the_smallest_network() -> None:
    assert typed("trusted_proxies", "::1", "") == (ip_network("::1/128"),)


def test_the_password_of_redis_is_never_told() -> None:
    assert "s3cret" not in str(refused("redis", "redis://:s3cret@a:port"))
    assert "s3cret" not in repr(web({"redis": "redis://:s3cret@a"}, {}))


@given(st.sampled_from(sorted(KEYS)), ANY)
def test_whatever_is_written_is_a_setting_or_refused(key: str, value: object) -> None:
    try:
        typed(key, value, "line 3")
    except SettingsError as error:
        assert error.place == "line 3"
