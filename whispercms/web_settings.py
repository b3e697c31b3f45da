"""The settings of what answers visitors: cache, ingress, server, measures. Decoded like the others
and kept together as `Instance.web`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from apps.delivery.ingress.quotas import MOST_QUOTAS, SEARCHES, Quota, quota
from whispercms.setting_values import boolean, choice, integer, texts
from whispercms.settings_file import SettingsError

CACHE_MEGABYTES: Final = (0, 4096)
IMAGE_MEGABYTES: Final = (16, 1_048_576)
SHARED_SECONDS: Final = (0, 31_536_000)
PROCESSES: Final = (1, 64)
MOST_PROXIES: Final = 256
MOST_ORIGINS: Final = 64
SERVERS: Final = ("granian", "daphne", "uvicorn", "gunicorn", "hypercorn")
METRICS_OFF, METRICS_FOR_ALL = "off", "all"
METRICS: Final = (METRICS_OFF, "local", METRICS_FOR_ALL)
SEARCH_LIMIT: Final = Quota(SEARCHES, 60, 60)
NO_LIMIT: Final = "none"
ANY_ORIGIN: Final = "*"
ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?")
REDIS_SCHEMES: Final = ("redis", "rediss", "unix")

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Without any of them: a cache, and nobody in front of the server."""

    cache_megabytes: int = 64
    image_megabytes: int = 1024
    shared_seconds: int = 0
    trusted_proxies: tuple[Network, ...] = ()
    rate_limits: tuple[Quota, ...] = ()
    search_limit: Quota | None = SEARCH_LIMIT
    redis: str | None = field(default=None, repr=False)
    cors_origins: tuple[str, ...] = ()
    server: str = "granian"
    address: str | None = None
    processes: int = 1
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    metrics: str = "off"
    debug_headers: bool = False
    access_log: bool = False

    @property
    def image_bytes(self) -> int:
        return self.image_megabytes * 1024 * 1024


KEYS: Final = frozenset(each.name for each in fields(Web))


def typed(key: str, value: object, place: str) -> object:
    """The value of one of KEYS. Paths are left to whoever checks files. Raises SettingsError."""
    return DECODERS[key](value, place)


def web(values: Mapping[str, object], places: Mapping[str, str]) -> Web:
    """Of typed values, the other settings' among them. Raises SettingsError."""
    found = Web(**{key: value for key, value in values.items() if key in KEYS})  # type: ignore[arg-type]
    if (found.tls_certificate is None) is not (found.tls_key is None):
        place = places.get("tls_certificate") or places.get("tls_key") or ""
        problem = "tls_certificate and tls_key go together, and one is missing"
        raise SettingsError(place, problem, "Name both files, or none")
    return found


def _bounded(bounds: tuple[int, int]) -> Callable[[object, str], object]:
    return lambda value, place: integer(value, bounds, place)


def _one_of(known: tuple[str, ...]) -> Callable[[object, str], object]:
    return lambda value, place: choice(value, known, place)


def _proxies(value: object, place: str) -> tuple[Network, ...]:
    """Networks, of which an address is the smallest."""
    example = 'trusted_proxies = ["10.0.0.0/8", "fd00::1"]'
    found = _few(texts(value, place, "addresses or networks", example), MOST_PROXIES, place)
    try:
        return tuple(ip_network(each) for each in found)
    except ValueError as error:
        raise SettingsError(place, f"{error}", f"Write {example}") from error


def _quotas(value: object, place: str) -> tuple[Quota, ...]:
    example = 'rate_limits = ["/ 20/second", "/search/ 30/minute"]'
    found = _few(texts(value, place, "rate limits", example), MOST_QUOTAS, place)
    try:
        return tuple(quota(each) for each in found)
    except ValueError as error:
        raise SettingsError(place, f"{error}", f"Write {example}") from error


def _searches(value: object, place: str) -> Quota | None:
    remedy = f'Write search_limit = "60/minute", or "{NO_LIMIT}"'
    if not isinstance(value, str):
        raise SettingsError(place, "is not text", remedy)
    if value.strip() == NO_LIMIT:
        return None
    try:
        return quota(f"{SEARCHES} {value.strip()}")
    except ValueError:
        problem = f"{value!r} is not a number of searches per unit"
        raise SettingsError(place, problem, remedy) from None


def _origins(value: object, place: str) -> tuple[str, ...]:
    example = 'cors_origins = ["https://app.example.org"]'
    found = _few(texts(value, place, "origins", example), MOST_ORIGINS, place)
    for each in found:
        if each != ANY_ORIGIN and not ORIGIN.fullmatch(each):
            raise SettingsError(place, f"{each!r} is not an origin", f"Write {example}")
    return found


def _redis(value: object, place: str) -> str | None:
    """A URL, of which nothing is ever told: it may hold a password."""
    remedy = "Write redis://HOST:PORT/0, rediss://... or unix:///PATH"
    if not isinstance(value, str):
        raise SettingsError(place, "is not text", remedy)
    if not (text := value.strip()):
        return None
    try:
        parts = urlsplit(text)
        fits = parts.scheme in REDIS_SCHEMES and (parts.hostname or parts.path.startswith("/"))
        _ = parts.port
    except ValueError:
        fits = False
    if not (fits and text.isprintable()):
        raise SettingsError(place, "is not the URL of a Redis", remedy) from None
    return text


def _path(value: object, place: str) -> str | None:
    if not isinstance(value, str):
        raise SettingsError(place, "is not text", "Put it in quotes")
    return value.strip() or None


def _address(value: object, place: str) -> str | None:
    remedy = 'Write address = "127.0.0.1", or another of this machine\'s'
    if not isinstance(value, str):
        raise SettingsError(place, "is not text", remedy)
    if not (text := value.strip()):
        return None
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise SettingsError(place, f"{error}", remedy) from error


def _few(found: tuple[str, ...], most: int, place: str) -> tuple[str, ...]:
    if len(found) > most:
        raise SettingsError(place, f"has {len(found)} of them", f"Write {most} at most")
    return found


DECODERS: Final[Mapping[str, Callable[[object, str], object]]] = {
    "cache_megabytes": _bounded(CACHE_MEGABYTES),
    "image_megabytes": _bounded(IMAGE_MEGABYTES),
    "shared_seconds": _bounded(SHARED_SECONDS),
    "trusted_proxies": _proxies,
    "rate_limits": _quotas,
    "search_limit": _searches,
    "redis": _redis,
    "cors_origins": _origins,
    "server": _one_of(SERVERS),
    "processes": _bounded(PROCESSES),
    "address": _address,
    "tls_certificate": _path,
    "tls_key": _path,
    "metrics": _one_of(METRICS),
    "debug_headers": boolean,
    "access_log": boolean,
}
