"""What is searched for, as values: all that is left of what a visitor typed. Pure."""

from dataclasses import dataclass
from typing import Final

from apps.content.queries.tree import EVERYTHING, Filter

EVERYWHERE: Final = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase: words of letters and digits, with one space between them. Of a `prefix`
    the last word may go on. `column` is where it must be (`searched`)."""

    words: str
    prefix: bool = False
    column: str = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Query:
    """All of `terms` and none of `without`; `columns` are where terms may be, if not everywhere.
    Each of `paths` is a part of the document's path, or of its address; true says that it must
    not be."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    columns: tuple[str, ...] = ()
    where: Filter = EVERYTHING
    paths: tuple[tuple[str, bool], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is asked for."""
        said = self.terms or self.without or self.paths
        return not said and self.where == EVERYTHING
