"""Every bound on what is searched for, and on what is answered."""

from typing import Final

TEXT: Final = 300
"""Characters of a query that are read."""
TERMS: Final = 12
"""Words and phrases, and as many qualifiers; those after them are left out. Twelve of the most
frequent words of 10,000 documents take 30 ms."""
WORD: Final = 64
"""Characters of one word."""
PREFIX: Final = 3
"""Letters that the beginning of a word has at least: with fewer, it is a word by itself."""
PREFIXES: Final = 3
"""Beginnings of words in one query: of each, all words are gone through that begin so."""
WEIGHED: Final = 2
"""Words that make the order where more than `EASY` documents have all of those that are looked for:
the rarest."""
EASY: Final = 1_000
PAGE_SIZE: Final = 50
PAGES: Final = 50
"""Nobody reads on so long; what is not found by then is found by another query."""
SNIPPET: Final = 200
"""Characters of the text around what was found."""
BEFORE: Final = 40
"""Of them, those before the first word that was found, about."""
LOOKS: Final = 24
"""How often each word is looked for in one text before the best place is chosen."""
MARKED: Final = 24
"""Words that are marked in what was found."""
LANGUAGE: Final = 35
"""Characters of the name of a language."""
