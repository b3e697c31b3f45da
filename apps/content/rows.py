"""Rows of documents as values, and what stands for an answer as a fact. Pure."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from apps.content.listings import IndexedDocument
from apps.content.renderings import Body

SUMMARY: Final = (
    "source, blob, url, kind, section, title, description, date, updated, authors, front,"
    " type, weight, sticky"
)
DIGEST_BYTES: Final = 16


def document_of(
    row: Sequence[Any],
    *,
    terms: tuple[tuple[str, str, str], ...] = (),
    body: Body | None = None,
) -> IndexedDocument:
    """Of a row that begins with the columns of SUMMARY."""
    names = (*SUMMARY.split(", "), "markup", "visibility")
    values = dict(zip(names, row, strict=False))
    values["authors"] = tuple(json.loads(values["authors"]))
    values["front"] = json.loads(values["front"])
    return IndexedDocument(**values, terms=terms, body=body)


def digest(answer: object) -> str:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    octets = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(octets, digest_size=DIGEST_BYTES).hexdigest()
