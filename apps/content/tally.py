"""How much of what there is in an index, hidden or not: for people who look at a whole site."""

from contextlib import closing
from dataclasses import dataclass
from typing import Final

from apps.content.entries import DRAFT, PRIVATE
from apps.content.files import ContentFiles
from apps.content.index import read_only

_COUNTS: Final = {
    "pages": ("SELECT count(*) FROM document WHERE kind = 'page'", ()),
    "sections": (
        "SELECT count(*) FROM (SELECT section FROM document WHERE section != '' GROUP BY section)",
        (),
    ),
    "assets": ("SELECT count(*) FROM asset", ()),
    "terms": ("SELECT count(*) FROM (SELECT 1 FROM term GROUP BY taxonomy, slug)", ()),
    "redirects": ("SELECT count(*) FROM alias", ()),
    "drafts": ("SELECT count(*) FROM document WHERE visibility = ?", (DRAFT,)),
    "private": ("SELECT count(*) FROM document WHERE visibility = ?", (PRIVATE,)),
}


@dataclass(frozen=True, slots=True)
class Tally:
    pages: int
    sections: int
    assets: int
    terms: int
    redirects: int
    drafts: int
    private: int


def tally(files: ContentFiles) -> Tally:
    """Costs a pass over the rows. Raises sqlite3.Error."""
    with closing(read_only(files)) as connection:
        return Tally(
            **{
                name: int(connection.execute(query, values).fetchone()[0])
                for name, (query, values) in _COUNTS.items()
            }
        )
