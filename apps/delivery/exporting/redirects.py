"""Redirects of a host that can do nothing but send files: a small page, and a list for those hosts
that read one. Pure."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final
from urllib.parse import quote

PAGE_NAMES: Final = (".html", ".htm")
ASCII: Final = "".join(chr(number) for number in range(33, 127))
STATUS: Final = 301


def page(target: str, base_url: str) -> bytes:
    """`target` is an address of the site or a URL, quoted."""
    whole = base_url.rstrip("/") + target if target.startswith("/") else target
    to, canonical = escape(target), escape(whole)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Moved</title>\n'
        f'<link rel="canonical" href="{canonical}">\n<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={to}">\n</head>\n<body>\n'
        f'<p>This page has moved to <a href="{to}">{to}</a>.</p>\n</body>\n</html>\n'
    ).encode()


def is_named(address: str) -> bool:
    """Whether it is asked for as a file, and not as a folder."""
    return address.endswith(PAGE_NAMES)


def listed(targets: Mapping[str, str]) -> bytes:
    """By decoded address, in the form that Netlify and Cloudflare Pages read: from, to, status.
    Nothing in an address is a pattern there."""
    return "".join(f"{line}\n" for line in _lines(targets)).encode()


def _lines(targets: Mapping[str, str]) -> Iterable[str]:
    for address in sorted(targets):
        bare = quote(address.rstrip("/"), safe="/-._~")
        target = quote(targets[address], safe=ASCII)
        yield f"{bare} {target} {STATUS}"
        if not is_named(address):
            yield f"{bare}/ {target} {STATUS}"


def typed(types: Mapping[str, str]) -> bytes:
    """By decoded address: the media types that a host could not know from the file's name."""
    lines = (
        f"{quote(address, safe='/-._~')}\n  Content-Type: {types[address]}\n"
        for address in sorted(types)
    )
    return "".join(lines).encode()
