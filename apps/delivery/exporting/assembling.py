"""From what each address has to the files of an export: what is in each other's way, what is added,
and what a host that only sends files cannot do. Pure."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apps.content import dates
from apps.content.problems import Problem
from apps.delivery import assets
from apps.delivery.exporting import redirects
from apps.delivery.exporting.bounds import HEADERS, NOT_FOUND, REDIRECTS
from apps.delivery.exporting.places import Ground, Unplaceable, clashes, place, unplaceable
from apps.delivery.feeds import HABITS
from apps.delivery.replies import HTML
from apps.delivery.trying.addresses import MISSING

PLAIN: Final = "text/plain; charset=utf-8"
XML: Final = ("text/xml", "application/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is kept of one address that was made: `type` of a file, or the `target` of a
    redirect."""

    address: str
    type: str = ""
    target: str = ""
    status: int = 200
    headers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Files that no address has alone, by their place, with their type."""

    files: Mapping[str, tuple[bytes, str]]
    notes: tuple[str, ...]


def place_of(known: Known) -> str:
    """Raises Unplaceable."""
    return NOT_FOUND if known.address == MISSING else place(known.address)


def problems(files: Mapping[str, str], known: Iterable[Known]) -> list[Problem]:
    """`files` are the addresses by place; the page for what is not there gives way."""
    content = {each: address for each, address in files.items() if address != MISSING}
    return [*clashes(content), *_unplaceable(known)]


def added(files: Mapping[str, str], known: list[Known], base_url: str) -> Added:
    """What is not in the way of what is there."""
    ground = Ground()
    for each in sorted(files):
        ground.take(each)
    moved = {each.address: each.target for each in known if each.target and not _is_slash(each)}
    pages, hidden = _pages(moved, ground)
    made = {path: (redirects.page(target, base_url), HTML) for path, target in pages.items()}
    notes = [f"{each} redirects in {REDIRECTS} alone: a file is in its place" for each in hidden]
    typed = {each.address: each.type for each in known if _is_mistaken(each)}
    own = {REDIRECTS: redirects.listed(moved), HEADERS: redirects.typed(typed)}
    for name in (name for name in sorted(own) if own[name]):
        if ground.take(name):
            notes.append(f"{name} is the site's own, and none of ours was written")
        else:
            made[name] = own[name], PLAIN
    return Added(files=made, notes=tuple(notes))


def cannot(
    known: list[Known], base_url: str, until: float, asked: Collection[str]
) -> Iterator[str]:
    """What a host that only sends files cannot do, for a person. `asked` are the headers of
    requests that plugins may read."""
    if asked:
        yield f"pages are as for somebody who sends none of these headers: {', '.join(asked)}"
    if not base_url:
        yield "the site has no base_url: feeds, the sitemap and cards have no whole addresses"
    for each in known:
        if each.status not in (200, 301, 404):
            yield f"{each.address} answers {each.status}, which a file cannot; it is left out"
    names = sorted({name for each in known for name in each.headers})
    if names:
        yield f"these headers are not sent by a static host: {', '.join(names)}"
    if mistaken := sum(_is_mistaken(each) for each in known):
        yield f"{mistaken} files have a media type that only hosts which read {HEADERS} can know"
    if until < math.inf:
        moment = dates.from_timestamp(int(until))
        yield f"at {moment} the site shows more or less than now; export it again then"


def _pages(moved: Mapping[str, str], ground: Ground) -> tuple[dict[str, str], list[str]]:
    """Target by place, and the addresses whose place is taken."""
    found: dict[str, str] = {}
    hidden = list[str]()
    for address in sorted(moved):
        if address.removeprefix("/") in HABITS:
            continue
        is_page = redirects.is_named(address)
        where = place(address if is_page else f"{address.rstrip('/')}/")
        if where in found:
            continue
        other = ground.take(where)
        if other is None:
            found[where] = moved[address]
        elif other != where:
            hidden.append(address)
    return found, hidden


def _is_slash(known: Known) -> bool:
    """Every host does so by itself."""
    return known.target.rstrip("/") == known.address.rstrip("/")


def _is_mistaken(known: Known) -> bool:
    if not known.type or known.address == MISSING:
        return False
    kind, guessed = (
        each.partition(";")[0] for each in (known.type, assets.content_type(place(known.address)))
    )
    return kind != guessed and not (kind in XML and guessed in XML)


def _unplaceable(known: Iterable[Known]) -> Iterator[Problem]:
    for each in known:
        try:
            place_of(each)
        except Unplaceable as error:
            yield unplaceable(each.address, error)
