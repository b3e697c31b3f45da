"""Entity tags and lists of them, by RFC 9110 section 8.8.3. Pure."""

import re

_TAG = re.compile(r'(W/)?("[^"]*")')


def is_any(header: str) -> bool:
    return header.strip(" \t") == "*"


def weakly(header: str, etag: str) -> bool:
    """Whether the list names the tag, however weakly."""
    if header == etag:
        return True
    return etag in header and any(tag == etag for _, tag in _TAG.findall(header))


def strongly(header: str, etag: str) -> bool:
    """Whether the list names the tag as one of the very same bytes."""
    return etag in header and any(tag == etag and not weak for weak, tag in _TAG.findall(header))
