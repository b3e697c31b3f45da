"""A site with one address of each kind that HTTP's rules are about."""

from tests.delivery.cases import FILES as SITE
from tests.delivery.cases import THEME
from tests.pictures import png

STYLE = "".join(f".rule-{n} {{ color: #{n:06x} }}\n" for n in range(100))
DOT = png((1, 1)) + bytes(range(200))
FILES: dict[str, str | bytes | None] = {
    **SITE,
    "media/style.css": STYLE,
    "media/dot.png": DOT,
}
PLACES = {
    "page": "/one/",
    "list": "/posts/",
    "file": "/media/style.css",
    "picture": "/media/dot.png",
    "stream": "/media/a.png",
    "asset": THEME,
}
TEXTS = ("page", "list", "file", "asset")
MISSING, MOVED = "/nowhere/", "/one"
