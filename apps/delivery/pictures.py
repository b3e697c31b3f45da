"""The pictures of a page: found while it is observed, so that its theme has their sizes and the
addresses of their renditions when it writes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from apps.content.frames import AFTER, ASYNC, BEFORE, INSIDE, LAZY, RENDITIONS, SIZE
from apps.content.images.facts import Facts
from apps.content.images.naming import main, meanings, texts
from apps.content.images.renditions import (
    CENTRE,
    Picture,
    Point,
    Rendition,
    described,
    find,
    picture_as_json,
    read_address,
)
from apps.content.listings import IndexedDocument, IndexedPicture
from apps.content.reader import Reader
from apps.delivery.replies import URL_SAFE
from apps.extensions.limits import PICTURE_CHARACTERS, PICTURES, PICTURES_EACH
from apps.extensions.registry import MountedTheme, Registry


@dataclass(frozen=True, slots=True)
class Shown:
    """`known` is by the name that a template uses, as its worker takes it; `mains` are the
    addresses of the pictures that stand for documents, by source."""

    known: Mapping[str, Any] = field(default_factory=dict)
    mains: Mapping[str, str] = field(default_factory=dict)


NOTHING: Final = Shown()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rendition that a theme declares, of a picture that visitors may see."""

    picture: Picture
    rendition: Rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What is known of pictures besides the index. `focus` is by path in the repository."""

    registry: Registry
    library: tuple[str, ...]
    root: str = ""
    base_url: str = ""
    focus: Mapping[str, Point] = field(default_factory=dict)

    def of_page(
        self,
        theme: MountedTheme,
        document: IndexedDocument | None,
        items: Sequence[IndexedDocument],
        reader: Reader,
    ) -> Shown:
        """Of a theme that declares renditions: of the document, the items of its list, and what
        its templates name."""
        if not theme.recipes:
            return NOTHING
        asked = list(islice(self._asked(theme, document, items), PICTURES))
        names = sorted({name for each in asked for name in each.names})
        found = reader.pictures(names)
        known: dict[str, Any] = {}
        mains: dict[str, str] = {}
        for each in asked:
            row = next((found[name] for name in each.names if name in found), None)
            if row is None:
                continue
            picture = self._picture(row, each.alt)
            if each.main:
                mains.setdefault(each.source, picture.url)
            for name in (each.text, picture.url):
                if name and (each.alt or name not in known):
                    known[name] = picture_as_json(picture)
        return Shown(known, mains)

    def in_body(self, theme: MountedTheme, reader: Reader) -> "BodyPictures | None":
        """None for a theme that leaves bodies as they are."""
        images = theme.manifest.images
        return None if images.body is None else BodyPictures(self, theme, images.body, reader)

    def wanted(self, path: str, reader: Reader) -> Wanted | None:
        """What an address of a rendition stands for; None where there is no such thing."""
        asked = read_address(path)
        if asked is None:
            return None
        recipes = list(self.registry.recipes(asked.theme, asked.name))
        tried = set()
        for row in reader.pictures_of(asked.blob) if recipes else ():
            picture = self._picture(row)
            # Of any number of copies there are the same renditions, but for what must be in sight.
            if (alike := (picture.facts, picture.focus)) in tried:
                continue
            tried.add(alike)
            for recipe in recipes:
                if made := find(asked, picture, recipe, self.library):
                    return Wanted(picture, made)
        return None

    def described(self, theme: MountedTheme, name: str, row: IndexedPicture) -> dict[str, Any]:
        place = theme.id, name
        return described(self._picture(row), theme.recipes[name], place, self.library)

    def names(self, link: str, source: str) -> tuple[str, ...]:
        return meanings(link, source, self.root, self.base_url)

    def _asked(
        self,
        theme: MountedTheme,
        document: IndexedDocument | None,
        items: Sequence[IndexedDocument],
    ) -> Iterator["_Asked"]:
        for text in theme.pictures:
            yield _Asked(text, self.names(text, ""))
        for each in (document, *items):
            text, alt = main(each.front) if each else ("", "")
            if each and 0 < len(text) <= PICTURE_CHARACTERS:
                own = text if each is document else ""
                yield _Asked(own, self.names(text, each.source), each.source, alt, main=True)
        front = document.front if document else {}
        for text in islice(texts(front, PICTURE_CHARACTERS), PICTURES_EACH):
            source = document.source if document else ""
            yield _Asked(text, self.names(text, source), source)

    def _picture(self, row: IndexedPicture, alt: str = "") -> Picture:
        return Picture(
            url=quote(row.url, safe=URL_SAFE),
            blob=row.blob,
            size=row.size,
            facts=Facts(row.type, row.width, row.height, row.nature),
            focus=self.focus.get(row.source, CENTRE),
            alt=alt,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text that may name a picture, empty where no template would use it, and its meanings."""

    text: str
    names: tuple[str, ...]
    source: str = ""
    alt: str = ""
    main: bool = False


class BodyPictures:
    """Of one body; asks the index once."""

    def __init__(self, site: Pictures, theme: MountedTheme, name: str, reader: Reader) -> None:
        self._site, self._theme, self._name, self._reader = site, theme, name, reader

    def frames(self, links: Sequence[str], marks: Iterable[str], source: str) -> Mapping[str, str]:
        """What is put at each mark (`content.frames`)."""
        marks = list(marks)
        positions = {_position(mark) for mark in marks if mark.startswith(INSIDE)}
        names = {n: self._site.names(links[n], source)[:1] for n in positions}
        found = self._reader.pictures(sorted({each for tried in names.values() for each in tried}))
        told = {
            n: self._site.described(self._theme, self._name, found[tried[0]])
            for n, tried in names.items()
            if tried and tried[0] in found
        }
        return {mark: _framed(mark, told.get(_position(mark))) for mark in marks}


def _position(mark: str) -> int:
    return int("".join(sign for sign in mark if sign.isdigit()))


def _framed(mark: str, told: Mapping[str, Any] | None) -> str:
    if told is None:
        return ""
    if not mark.startswith(INSIDE):
        return _around(mark, told)
    flags = mark.lstrip(INSIDE + "0123456789")
    given: dict[str, object] = {}
    if RENDITIONS in flags and told["srcset"]:
        given |= {"srcset": told["srcset"], "sizes": told["sizes"]}
    if SIZE in flags and told["width"]:
        given |= {"width": told["width"], "height": told["height"]}
    if LAZY in flags:
        given["loading"] = "lazy"
    if ASYNC in flags:
        given["decoding"] = "async"
    return "".join(f' {name}="{escape(str(value))}"' for name, value in given.items())


def _around(mark: str, told: Mapping[str, Any]) -> str:
    """Browsers choose the first format that they know."""
    if not told["sources"]:
        return ""
    if mark.startswith(AFTER):
        return "</picture>"
    assert mark.startswith(BEFORE)
    sizes = escape(told["sizes"])
    return "<picture>" + "".join(
        f'<source type="{each["type"]}" srcset="{escape(each["srcset"])}" sizes="{sizes}">'
        for each in told["sources"]
    )
