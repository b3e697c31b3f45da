"""All that visitors may read of a commit, by address: for commands that look at a whole site."""

import time
from contextlib import closing
from dataclasses import dataclass

from apps.content import dates
from apps.content.files import ContentFiles
from apps.content.index import read_only
from apps.content.moments import shown


@dataclass(frozen=True, slots=True)
class Catalogue:
    """URLs of documents, folders of pages as URLs show them, and (taxonomy, slug) of terms."""

    urls: tuple[str, ...]
    sections: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


def catalogue(files: ContentFiles, now: str | None = None) -> Catalogue:
    """Of what is public at a moment (`dates`), or by the clock. Raises sqlite3.Error."""
    moment = (now or dates.from_timestamp(int(time.time())),) * 2
    with closing(read_only(files)) as connection:
        urls = connection.execute(
            f"SELECT DISTINCT url FROM document WHERE {shown()} ORDER BY url",  # noqa: S608
            moment,
        ).fetchall()
        sections = connection.execute(
            f"SELECT DISTINCT section FROM document WHERE {shown()}",  # noqa: S608
            moment,
        ).fetchall()
        terms = connection.execute(
            "SELECT DISTINCT taxonomy, slug FROM term JOIN document d USING (source)"  # noqa: S608
            f" WHERE {shown('d')} ORDER BY taxonomy, slug",
            moment,
        ).fetchall()
    return Catalogue(
        urls=tuple(url for (url,) in urls),
        sections=tuple(sorted({above for (section,) in sections for above in _above(section)})),
        terms=tuple(terms),
    )


def _above(section: str) -> list[str]:
    """It and all that hold it, but the whole site."""
    parts = section.split("/") if section else []
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]
