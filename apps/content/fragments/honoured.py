"""Fragments that need no program of another system: links, code, pictures. Pure.

What stands in them is put back as text or as HTML that is sanitised like all else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from apps.content.fragments.found import HUGO, JEKYLL, Fragment

REFERENCE: Final = "@~/"
"""How a link begins whose file is named as Hugo or Jekyll do: without its ending or its folder."""
ROOT: Final = "@/"
SAFE: Final = "/-._~#?=&+@:%"
_DESTINATION: Final = re.compile(r"(?:\]\(\s*<?|[\"'=]|\]:\s*)\Z")
_ARGUMENT: Final = re.compile(r"(?<![\w-])([\w-]++)\s*+=\s*(?:\"([^\"]*)\"|`([^`]*)`|([^\s\"`]+))")
_TEXT: Final = re.compile(r"\s*(?:[\w-]+\s+)?(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|([^\s|]+))")
_URL: Final = re.compile(
    r"-?\s*(?:\"([^\"]*)\"|'([^']*)')\s*\|\s*(?:relative_url|absolute_url|prepend:\s*site\.baseurl)"
    r"(?:\s*\|\s*prepend:\s*site\.url)?\s*-?"
)
_SITE: Final = re.compile(r"-?\s*site\.(?:baseurl|url)\s*-?")
_HERE: Final = 4
"""Characters before a fragment that tell whether it stands where a link's target does."""


@dataclass(frozen=True, slots=True)
class Put:
    """What stands for a fragment, up to `end`: text that goes on being read, or finished HTML."""

    end: int
    text: str = ""
    html: str = ""


Ends = Callable[[str, int], tuple[int, int] | None]
"""As `Fragments.closing`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fragment stands: the whole text, what was made of all before it, and its system."""

    text: str
    before: str
    system: str
    closing: Ends


def honoured(fragment: Fragment, place: Place) -> Put | None:
    """None for what only that system can run."""
    if fragment.literal or fragment.closing:
        return None
    if place.system == HUGO:
        return _of_hugo(fragment, place)
    return _of_jekyll(fragment, place) if place.system == JEKYLL else None


def _of_hugo(fragment: Fragment, place: Place) -> Put | None:
    if fragment.name in ("ref", "relref") and (path := _path(fragment)):
        return _link(fragment, place, f"{REFERENCE}{path.lstrip('/')}")
    if fragment.name == "figure":
        return Put(fragment.end, html=_figure(dict(_arguments(fragment.inner))))
    if fragment.name == "highlight" and (close := place.closing("highlight", fragment.end)):
        return _code(fragment, place.text, close)
    return None


def _of_jekyll(fragment: Fragment, place: Place) -> Put | None:
    if fragment.mark == "{{":
        return _address(fragment)
    name = fragment.name
    close = place.closing(name, fragment.end) if name in ("raw", "comment", "highlight") else None
    if close and name == "highlight":
        return _code(fragment, place.text, close)
    if close:
        return Put(close[1], text=place.text[fragment.end : close[0]] if name == "raw" else "")
    if name == "link" and (path := _path(fragment)):
        return _link(fragment, place, ROOT + path)
    if name == "post_url" and (path := _path(fragment)):
        folder, slash, post = path.rpartition("/")
        return _link(fragment, place, f"{REFERENCE}{folder}{slash}_posts/{post}")
    return None


def _address(fragment: Fragment) -> Put | None:
    """A site answers at its own root here, so nothing comes before an address."""
    if _SITE.fullmatch(fragment.inner):
        return Put(fragment.end)
    found = _URL.fullmatch(fragment.inner)
    return Put(fragment.end, text=quote(found[1] or found[2] or "", safe=SAFE)) if found else None


def _link(fragment: Fragment, place: Place, target: str) -> Put | None:
    """Only where a link's target stands: anywhere else a reader would see it."""
    if not _DESTINATION.search(place.before[-_HERE:]):
        return None
    return Put(fragment.end, text=quote(target, safe=SAFE))


def _code(fragment: Fragment, text: str, close: tuple[int, int]) -> Put:
    words = fragment.inner.strip(" -").split()
    language = words[1].strip("\"'") if len(words) > 1 else ""
    inner = text[fragment.end : close[0]].strip("\r\n")
    kind = f' class="language-{escape(language)}"' if language else ""
    return Put(close[1], html=f"<pre><code{kind}>{escape(inner)}\n</code></pre>")


def _figure(given: dict[str, str]) -> str:
    image = f'<img src="{escape(given.get("src", ""))}" alt="{escape(given.get("alt", ""))}">'
    if link := given.get("link"):
        image = f'<a href="{escape(link)}">{image}</a>'
    words = [given[key] for key in ("title", "caption", "attr") if given.get(key)]
    caption = f"<figcaption>{escape(' — '.join(words))}</figcaption>" if words else ""
    return f"<figure>{image}{caption}</figure>"


def _arguments(inner: str) -> Iterator[tuple[str, str]]:
    for name, *values in _ARGUMENT.findall(inner):
        yield name.lower(), next((value for value in values if value), "")


def _path(fragment: Fragment) -> str:
    """The first text that is handed to it."""
    rest = fragment.inner.strip(" -").partition(fragment.name)[2]
    named = dict(_arguments(rest)).get("path")
    found = _TEXT.match(f" {rest.strip()}")
    return named or (next((part for part in found.groups() if part), "") if found else "")
