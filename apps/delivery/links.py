"""Puts URLs in the place of a body's relative links, which name files of the repository."""

import html
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from apps.content.links import REFERENCE, targets
from apps.content.reader import Reader
from apps.content.renderings import MARK, Body
from apps.delivery.pictures import BodyPictures
from apps.delivery.replies import URL_SAFE


def resolve(
    body: Body, source: str, root: str, reader: Reader, pictures: BodyPictures | None = None
) -> str:
    """The body's HTML. A link to no file of the site stays as its author wrote it."""
    if not body.links:
        return body.html
    wanted = {link: targets(link, source, root) for link in body.links}
    urls = reader.targets(sorted({path for paths, _ in wanted.values() for path in paths}))
    parts = body.html.split(MARK)
    texts = {str(n): _text(link, *wanted[link], urls) for n, link in enumerate(body.links)}
    marks = [mark for mark in dict.fromkeys(parts[1::2]) if mark not in texts]
    framed = pictures.frames(body.links, marks, source) if pictures and marks else {}
    parts[1::2] = [texts.get(mark) or framed.get(mark, "") for mark in parts[1::2]]
    return "".join(parts)


def _text(link: str, paths: Sequence[str], rest: str, urls: Mapping[str, str]) -> str:
    url = next((urls[path] for path in paths if path in urls), None)
    written = link.removeprefix(REFERENCE)
    return html.escape(quote(url, safe=URL_SAFE) + rest if url else written)
