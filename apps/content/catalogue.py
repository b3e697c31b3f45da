"""All that visitors may read of a commit, by address: for commands that look at a whole site."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from apps.content import dates
from apps.content.files import ContentFiles
from apps.content.index import read_only
from apps.content.moments import shown
from apps.content.slices import marks, slices


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


def beside_pages(files: ContentFiles) -> tuple[list[str], list[str]]:
    """Old addresses, and those that files may have: what visitors may read of them is asked for one
    by one. Raises sqlite3.Error."""
    with closing(read_only(files)) as connection:
        aliases = {url for (url,) in connection.execute("SELECT url FROM alias")}
        places: dict[str, list[str]] = {}
        assets = set()
        for source, url in connection.execute("SELECT source, url FROM asset"):
            folder, _, name = source.rpartition("/")
            places.setdefault(folder, []).append(name)
            assets.add(url)
        bundles = connection.execute(
            "SELECT source, url FROM document WHERE source LIKE '%/index.md' AND url LIKE '%/'"
        )
        for source, url in bundles:
            names = places.get(source.rpartition("/")[0], ())
            assets.update(f"{url}{name}" for name in names)
    return sorted(aliases), sorted(assets)


def sources(files: ContentFiles) -> dict[str, str]:
    """The file of each address, of all documents. Raises sqlite3.Error."""
    with closing(read_only(files)) as connection:
        rows = connection.execute("SELECT url, source FROM document ORDER BY source DESC")
        return {str(url): str(source) for url, source in rows}


def _above(section: str) -> list[str]:
    """It and all that hold it, but the whole site."""
    parts = section.split("/") if section else []
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


TITLED: Final = "source, title, url, visibility"


@dataclass(frozen=True, slots=True)
class Titled:
    """A document as lists name it, shown to visitors or not."""

    title: str
    url: str
    visibility: str


def titled(files: ContentFiles, sources: Sequence[str]) -> dict[str, Titled]:
    """Those of the sources that are documents. Raises sqlite3.Error."""
    found: dict[str, Titled] = {}
    with closing(read_only(files)) as connection:
        for some in slices(sources):
            query = f"SELECT {TITLED} FROM document WHERE source IN ({marks(some)})"  # noqa: S608
            rows = connection.execute(query, tuple(some))
            found |= {source: Titled(*rest) for source, *rest in rows}
    return found
