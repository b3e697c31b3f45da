"""HTML's elements and attributes by what they may do: the lists behind our checks. Pure."""

from collections.abc import Mapping
from typing import Final


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MARK: Final = "\ufdd0"
"""A noncharacter that stands around the positions of links; no document may bring its own."""

VOID: Final = names(
    "area base br col embed frame hr img input keygen link meta param source track wbr"
)
NEVER_DEEP: Final = VOID | names("dd dt li optgroup option p rp rt td th tr")
"""Without content, or closed by the next of their kind: only what is around them nests."""

TEXT: Final = names(
    "a abbr b bdi bdo br cite code data del dfn em i ins kbd mark q rp rt ruby s samp small span"
    " strike strong sub sup time tt u var wbr"
)
BLOCKS: Final = names(
    "address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2"
    " h3 h4 h5 h6 header hgroup hr li nav ol p pre section summary ul"
)
TABLES: Final = names("caption col colgroup table tbody td tfoot th thead tr")
MEDIA: Final = names("audio img picture source track video")
SAFE: Final = TEXT | BLOCKS | TABLES | MEDIA
"""What a body may have. No script, style, form, frame or foreign markup."""

WITHOUT_CONTENT: Final = names(
    "iframe noembed noframes noscript object script select style svg template textarea title xmp"
)
"""Dropped with all that is in them: it was never meant to be read."""

EVERYWHERE: Final = names("class dir id lang role title translate")
_CELL: Final = names("align colspan headers rowspan scope valign")
_PART: Final = names("align valign")
_PLAYER: Final = names("controls height loop muted poster preload src width")
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "*": EVERYWHERE,
    "a": names("download href hreflang name"),
    "audio": _PLAYER,
    "blockquote": names("cite"),
    "col": names("align span width"),
    "colgroup": names("align span width"),
    "data": names("value"),
    "del": names("cite datetime"),
    "details": names("name open"),
    "img": names("align alt decoding height loading sizes src srcset width"),
    "input": names("checked"),
    "ins": names("cite datetime"),
    "li": names("value"),
    "ol": names("reversed start type"),
    "q": names("cite"),
    "source": names("height media sizes src srcset type width"),
    "table": names("align"),
    "tbody": _PART,
    "td": _CELL,
    "tfoot": _PART,
    "th": _CELL | {"abbr"},
    "thead": _PART,
    "time": names("datetime"),
    "tr": _PART,
    "track": names("default kind label src srclang"),
    "video": _PLAYER | {"playsinline"},
    **dict.fromkeys(("div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p"), names("align")),
}
VALUES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "a": {
        "rel": names("author bookmark external help license me nofollow noopener sponsored tag ugc")
        | {"noreferrer", "noopener noreferrer", "nofollow noopener"},
        "target": names("_blank"),
    },
}
"""Attributes with these values only. `rel=opener` would hand this page's window to another."""

LINK_RELATIONS: Final = names("alternate author canonical icon license me next prev search")
"""What a <link> may say of a page; none of these makes a browser run or apply anything."""
