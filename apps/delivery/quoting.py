"""Addresses as pages have them."""

from functools import lru_cache
from urllib.parse import quote

from apps.delivery.replies import URL_SAFE


@lru_cache(maxsize=4096)
def quoted(url: str) -> str:
    """An address of this site; a whole URL stays as it is."""
    return quote(url, safe=URL_SAFE) if url.startswith("/") else url
