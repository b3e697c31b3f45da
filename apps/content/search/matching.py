"""A query as FTS5 is asked: words of letters and digits within quotes, and signs of ours. Pure.

Nothing that a visitor typed is ever syntax: a `Term` has no other signs (`splitting.words_in`).
"""

from collections.abc import Sequence
from typing import Final

from apps.content.search.query import Query, Term
from apps.content.words import BREAK, spaced

AND: Final = " AND "
OR: Final = " OR "


def wanted(query: Query) -> str:
    """Empty where there are no words."""
    return AND.join(_phrase(term, query.columns) for term in query.terms)


def unwanted(query: Query) -> str:
    """What must not be found; empty where there is nothing of the kind."""
    return OR.join(_phrase(term, ()) for term in query.without)


def _phrase(term: Term, columns: Sequence[str]) -> str:
    within = (term.column,) if term.column else columns
    place = f"{{{' '.join(within)}}} : " if within else ""
    words = spaced(term.words).replace(BREAK, " ")
    return f'{place}"{words}"{"*" if term.prefix else ""}'
