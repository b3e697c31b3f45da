"""Documents that were written for Jekyll: where they answer, and their front matter in our keys.

Pure. https://jekyllrb.com/docs/ says what they mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from apps.content import dates
from apps.content.addresses import address, file_address, segments
from apps.content.foreign.jekyll import POSTS
from apps.content.foreign.values import MANY, Collection, texts, truth
from apps.content.layouts.jekyll_paths import filled, of_day, pretty, slugged, with_ending
from apps.content.layouts.rules import LeftOut, Meaning, Placement, Role
from apps.content.parts import Part
from apps.content.suffixes import OTHER, PAGE, is_page

MARKUP = frozenset((".md", ".markdown", ".html", ".htm", ".adoc", ".asciidoc"))
PAGES = "pages"
STARS = 8
"""In one pattern of `include`, `exclude` or `defaults`."""
Front = Mapping[str, Any]
_HEADER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_POST = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.+)")


@dataclass(frozen=True, slots=True)
class _Place:
    """What a path says: of which kind a document is, the folders that count, and its name."""

    type: str
    folders: tuple[str, ...]
    stem: str
    name_date: str = dates.NONE
    collection: Collection | None = None


def role(part: Part, source: str) -> Role:
    inner = _inner(part, source)
    parts = inner.split("/")
    if not source.startswith(part.root) or _listed(inner, part.foreign.excluded):
        return Role.IGNORED
    suffix = PurePosixPath(inner).suffix.lower()
    if "_posts" in parts[:-1] or "_drafts" in parts[:-1]:
        return Role.DOCUMENT if suffix in MARKUP else Role.IGNORED
    found = _collection(part, parts)
    hidden = [each for each in parts if each.startswith(("_", "#")) or each.endswith("~")]
    known = ("_pages", f"_{found.name}" if found else "")
    if (found and not found.output) or not all(
        each in known or _listed(inner, part.foreign.included) for each in hidden
    ):
        return Role.IGNORED
    return Role.EITHER if suffix in MARKUP or suffix in OTHER else Role.ASSET


def is_shown(part: Part, source: str) -> bool:
    """Whether a hidden file was meant to be served, such as `.well-known/`."""
    return _listed(_inner(part, source), part.foreign.included) and ".git" not in source.split("/")


def turns_out(part: Part, source: str, content: bytes) -> Role:
    """Only what has a header is read; what is read and is no page, only Jekyll could make."""
    path = PurePosixPath(_inner(part, source))
    header = _HEADER.match(content) is not None
    if path.suffix.lower() not in MARKUP:
        return Role.IGNORED if header else Role.ASSET
    front = part.readme and len(path.parts) == 1 and path.stem.lower() == "readme"
    return Role.DOCUMENT if header or front else Role.ASSET


def asset_path(part: Part, source: str) -> str:
    """Of a collection without its underscore."""
    inner = _inner(part, source)
    found = _collection(part, inner.split("/"))
    return inner[len(part.foreign.collections_folder) :].lstrip("/")[1:] if found else inner


def term_slug(name: str) -> str:
    return slugged(name)


def meaning(part: Part, source: str, front: Front) -> Meaning:
    """Raises AddressError or LeftOut."""
    place = _place(part, source)
    front = {**_defaults(part, _inner(part, source), place.type), **front}
    categories = _categories(place, front)
    index = place.type == PAGES and (place.stem == "index" or _is_front(part, place))
    text = _path(part, place, front, categories)
    placement = _placement(part, place, text, index=index)
    old = [f"/{each.lstrip('/')}" for each in texts(front.get("redirect_from"))]
    neutral = {
        **front,
        "categories": categories,
        "tags": _words(front, "tag", "tags"),
        "draft": place.type == "drafts" or truth(front.get("draft")) or _is_unpublished(front),
        "aliases": [*old, *_as_files(placement.url, text)],
    }
    if "last_modified_at" in front and "updated" not in front:
        neutral["updated"] = front["last_modified_at"]
    if isinstance(front.get("redirect_to"), list):
        neutral["redirect_to"] = next(iter(texts(front["redirect_to"])), None)
    neutral.pop("slug", None)
    return Meaning(neutral, placement)


def _inner(part: Part, source: str) -> str:
    return source[len(part.root) :]


def _listed(inner: str, patterns: tuple[str, ...]) -> bool:
    """As `EntryFilter` has it: a file, a folder that holds it, or a pattern."""
    for given in patterns:
        pattern = given.lstrip("/")
        whole = pattern.rstrip("/")
        if inner == whole or (whole and inner.startswith(f"{whole}/")):
            return True
        if "*" in pattern and _fits(inner, pattern):
            return True
    return False


def _fits(inner: str, pattern: str) -> bool:
    if pattern.count("*") > STARS:
        return False
    folders = inner.split("/")
    above = ("/".join(folders[: end + 1]) for end in range(len(folders)))
    return any(fnmatchcase(each, pattern.rstrip("/")) for each in above)


def _collection(part: Part, parts: list[str]) -> Collection | None:
    above = part.foreign.collections_folder
    inner = parts[len(above.split("/")) :] if above else parts
    if above and "/".join(parts).find(f"{above}/") != 0:
        return None
    names = {f"_{each.name}": each for each in part.foreign.collections if each.name != POSTS}
    return names.get(inner[0]) if len(inner) > 1 else None


def _place(part: Part, source: str) -> _Place:
    """Raises LeftOut for a post that has no date in its name."""
    inner = PurePosixPath(_inner(part, source))
    parts = list(inner.parts[:-1])
    for folder in ("_posts", "_drafts"):
        if folder in parts:
            return _post(folder, tuple(parts[: parts.index(folder)]), inner.stem, part)
    if found := _collection(part, list(inner.parts)):
        above = len(part.foreign.collections_folder.split("/"))
        start = 1 + (above if part.foreign.collections_folder else 0)
        return _Place(found.name, tuple(parts[start:]), inner.stem, collection=found)
    return _Place(PAGES, tuple(each for each in parts if each != "_pages"), inner.stem)


def _post(folder: str, above: tuple[str, ...], stem: str, part: Part) -> _Place:
    folders = tuple(each for each in above if each != part.foreign.collections_folder)
    found = _POST.fullmatch(stem)
    if folder == "_drafts":
        return _Place("drafts", folders, found[2] if found else stem)
    if found is None:
        reason = "the name of a post begins with its date, such as 2026-03-26-hello.md; rename it"
        raise LeftOut("document.post-name", reason)
    day = _day(found[1])
    return _Place(POSTS, folders, found[2], f"{day.isoformat()}T00:00:00Z" if day else dates.NONE)


def _day(text: str) -> date | None:
    """Also `20-1-2`, as Ruby reads it."""
    try:
        year, month, day = map(int, text[:10].split("-"))
        return date(year + (2000 if year < 100 else 0), month, day)
    except ValueError:
        return None


def _defaults(part: Part, inner: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in part.foreign.defaults:
        if each.type not in ("", kind) and not (each.type == "page" and kind == PAGES):
            continue
        if not each.path or _listed(inner, (each.path,)):
            found |= each.values
    return found


def _categories(place: _Place, front: Front) -> list[str]:
    above = list(place.folders) if place.type in (POSTS, "drafts") else []
    return list(dict.fromkeys([*above, *_words(front, "category", "categories")]))


def _words(front: Front, one: str, many: str) -> list[str]:
    """One by its own key as it stands; several as a list, or as words of a text."""
    single, listed = front.get(one), front.get(many)
    given = listed.split() if isinstance(listed, str) else listed
    items = [*([single] if single is not None else []), *(given if isinstance(given, list) else [])]
    return list(dict.fromkeys(str(i) for i in items[:MANY] if isinstance(i, str | int)))


def _is_unpublished(front: Front) -> bool:
    value = front.get("published")
    return value is False or (isinstance(value, str) and value.lower() in ("false", "no", "off"))


def _path(part: Part, place: _Place, front: Front, categories: list[str]) -> str:
    """The address as Jekyll has it, which may name a file without its ending."""
    own = front.get("permalink")
    said = own.strip() if isinstance(own, str) else ""
    return filled(said or _pattern(part, place), _tokens(place, front, categories))


def _placement(part: Part, place: _Place, text: str, *, index: bool) -> Placement:
    listed = place.folders if place.type == PAGES else (place.type, *place.folders)
    listed = (POSTS,) if place.type in (POSTS, "drafts") else listed
    section = "/".join((*part.at, *listed))
    kind = "section" if index else "page"
    return Placement(_address(part, text), kind, section, place.name_date)


def _as_files(url: str, text: str) -> list[str]:
    """Servers of files answer with `a.html` at `/a` too, and Jekyll's pages are such files."""
    if url.endswith(PAGE):
        return [url.rpartition(".")[0]]
    return [] if text.endswith("/") else [f"{url.rstrip('/')}.html"]


def _is_front(part: Part, place: _Place) -> bool:
    return part.readme and not place.folders and place.stem.lower() == "readme"


def _pattern(part: Part, place: _Place) -> str:
    style = part.foreign.permalinks.get("", "date")
    if place.type in (POSTS, "drafts"):
        return part.foreign.permalinks.get(POSTS, style)
    if place.collection is not None:
        return place.collection.permalink or with_ending("/:collection/:path", style)
    if place.stem == "index" or _is_front(part, place):
        return "/:path/"
    return with_ending("/:path/:basename", style)


def _tokens(place: _Place, front: Front, categories: list[str]) -> dict[str, str]:
    given = front.get("slug")
    slug = str(given) if isinstance(given, str | int) and given else ""
    read = dates.read_date(front.get("date")) or place.name_date
    day = of_day(_day(read) or date(1970, 1, 1)) if read or place.type == "drafts" else {}
    lower = [each.lower() for each in categories]
    folders = "/".join(place.folders)
    path = folders if place.type == PAGES else "/".join((*place.folders, place.stem))
    return {
        **day,
        "title": pretty(slug) or pretty(place.stem),
        "slug": slugged(slug) or slugged(place.stem),
        "name": slugged(place.stem),
        "basename": place.stem,
        "path": path,
        "collection": place.type,
        "categories": "/".join(dict.fromkeys(lower)),
        "slugified_categories": "/".join(dict.fromkeys(map(slugged, categories))),
        "output_ext": ".html",
    }


def _address(part: Part, text: str) -> str:
    """Raises LeftOut for what is meant to be no page."""
    parts = segments(text)
    if not is_page(parts):
        reason = f"its address ends as {parts[-1][-40:]!r}, and only pages of HTML are made here"
        raise LeftOut("document.not-html", reason)
    if parts and parts[-1] == "index.html":
        return address((*part.at, *parts[:-1]))
    whole = (*part.at, *parts)
    named = parts and parts[-1].endswith(PAGE) and not text.endswith("/")
    return file_address(whole) if named else address(whole)
