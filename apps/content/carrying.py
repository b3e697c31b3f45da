"""Bytes as messages between processes hold them. Pure."""

from base64 import b64decode, b64encode
from typing import Any


def as_text(content: bytes | None) -> str | None:
    return None if content is None else b64encode(content).decode()


def as_bytes(told: Any) -> bytes | None:
    """Raises ValueError or TypeError for what `as_text` did not write."""
    return None if told is None else b64decode(told, validate=True)


def told_text(told: Any) -> str:
    """Raises TypeError for what is no text."""
    if not isinstance(told, str):
        raise TypeError(told)
    return told


def as_content(told: Any) -> bytes:
    """As `as_bytes`, of what is always there."""
    if told is None:
        raise ValueError("there is no content")
    return b64decode(told, validate=True)
