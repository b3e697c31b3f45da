"""Puts URLs in the place of a body's relative links, which name files of the repository."""

import html
import posixpath
from collections.abc import Mapping
from urllib.parse import quote, unquote

from apps.content.reader import Reader
from apps.content.renderings import Body
from apps.delivery.replies import URL_SAFE

MARK = "\ufdd0"
ROOT = "@/"


def resolve(body: Body, source: str, root: str, reader: Reader) -> str:
    """The body's HTML. A link to no file of the site stays as its author wrote it."""
    if not body.links:
        return body.html
    wanted = {link: target(link, source, root) for link in body.links}
    urls = reader.targets(sorted({path for path, _ in wanted.values() if path}))
    parts = body.html.split(MARK)
    texts = [_text(link, *wanted[link], urls) for link in body.links]
    parts[1::2] = [texts[int(position)] for position in parts[1::2]]
    return "".join(parts)


def target(link: str, source: str, root: str) -> tuple[str, str]:
    """(path in the repository, rest of the link); the path is empty outside the repository."""
    path, mark, rest = _split(link)
    if path.startswith(ROOT):
        joined = root + unquote(path[len(ROOT) :])
    else:
        joined = posixpath.join(posixpath.dirname(source), unquote(path))
    normal = posixpath.normpath(joined)
    outside = normal in (".", "..") or normal.startswith(("../", "/"))
    return ("" if outside or not path else normal), mark + rest


def _split(link: str) -> tuple[str, str, str]:
    positions = [at for at in (link.find("?"), link.find("#")) if at >= 0]
    if not positions:
        return link, "", ""
    at = min(positions)
    return link[:at], link[at], link[at + 1 :]


def _text(link: str, path: str, rest: str, urls: Mapping[str, str]) -> str:
    url = urls.get(path)
    return html.escape(quote(url, safe=URL_SAFE) + rest if url else link)
