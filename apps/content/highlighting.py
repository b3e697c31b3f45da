"""Marks the words of program code by what they are. The one module that imports Pygments.

Runs in confined workers of its own: its patterns are many and can be slow on hostile text.
"""

from html import escape
from itertools import groupby
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Generic, Keyword, Literal, Name, Number, String

from apps.content.elements import names

_COMMON = names(
    "bash c clojure console cpp csharp css diff docker elixir go graphql haskell html http ini"
    " java javascript json kotlin lua make nginx nix perl php powershell protobuf pycon python r"
    " ruby rust scss sql swift tex toml typescript xml yaml zig"
)
LANGUAGES = tuple(sorted(_COMMON))

_GROUPS = (
    (Comment.Preproc, "keyword"),
    (Comment, "comment"),
    (Keyword.Type, "type"),
    (Keyword, "keyword"),
    (String, "string"),
    (Number, "number"),
    (Literal, "string"),
    (Name.Function, "name"),
    (Name.Class, "name"),
    (Name.Builtin, "type"),
    (Name.Tag, "keyword"),
    (Name.Attribute, "type"),
    (Name.Decorator, "type"),
    (Generic.Inserted, "inserted"),
    (Generic.Deleted, "deleted"),
    (Generic.Heading, "name"),
    (Generic.Subheading, "name"),
    (Generic.Prompt, "comment"),
    (Generic.Output, "comment"),
)
"""Fewer than Pygments has, so that a theme can have a colour for each. The first that fits."""


def _lexers() -> dict[str, Lexer]:
    """By every name that a language has; made at once, as a confined worker can open nothing."""
    found: dict[str, Lexer] = {}
    for language in LANGUAGES:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
        tuple(lexer.get_tokens("x = 1\n"))
        for name in (language, *lexer.aliases):
            found.setdefault(name.lower(), lexer)
    return found


_LEXERS = _lexers()
_KNOWN: dict[object, str] = {Error: ""}


def highlight(language: str, code: str) -> str | None:
    """The code as HTML with `span`s of the classes `hl-…`; None for a language that is not known,
    and where its patterns lose a part of the code. Nothing but spans is added."""
    lexer = _LEXERS.get(language.lower())
    tokens = list(lexer.get_tokens(code)) if lexer else []
    if "".join(text for _, text in tokens) != code:
        return None
    runs = groupby(tokens, key=lambda token: _group(token[0]))
    return "".join(_span(group, "".join(text for _, text in run)) for group, run in runs)


def _group(kind: Any) -> str:
    group = _KNOWN.get(kind)
    if group is None:
        group = next((name for above, name in _GROUPS if kind in above), "")
        _KNOWN[kind] = group
    return group


def _span(group: str, text: str) -> str:
    shown = escape(text, quote=False)
    return f'<span class="hl-{group}">{shown}</span>' if group and text.strip() else shown
