"""Where everything of an export will be, for the links between its parts. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from apps.content.addresses import AddressError
from apps.content.redirects import target_of
from apps.gitsync.importing.links import Links, Picture
from apps.gitsync.importing.naming import folder
from apps.gitsync.importing.old_site import OldSite
from apps.gitsync.importing.places import CONTENT, Place, Places
from apps.gitsync.importing.site_files import TermPlace
from apps.gitsync.importing.survey import ATTACHMENT, Survey
from apps.gitsync.importing.uploads import Upload

PICTURES: Final = frozenset([".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"])
Files = Mapping[str, Upload | str]
Targets = Mapping[str, str]


def targets_of(survey: Survey, files: Files) -> dict[str, str]:
    """By id of an attachment: its file here, else where it was; none for what is no address."""
    found: dict[str, str] = {}
    for number, upload in files.items():
        url = f"/{upload.path}" if isinstance(upload, Upload) else survey.items[number].file
        try:
            found[number] = target_of(url)
        except AddressError:
            continue
    return found


def links_of(
    survey: Survey,
    old: OldSite,
    places: Places,
    terms: Iterable[TermPlace],
    attached: tuple[Files, Targets],
) -> Links:
    files, targets = attached
    links = Links(old)
    for number, place in places.places.items():
        address = place.address or _by_file(place)
        if survey.items[number].type == ATTACHMENT:
            address = targets.get(number, "")
            if address.startswith("/"):
                links.pages.setdefault(place.address, address)
        elif place.address:
            links.pages[place.address] = place.address
        if address:
            links.numbers[number] = address
    links.pages.update({each.old: each.address for each in terms if each.old})
    links.media = {f.relative: f.path for f in files.values() if isinstance(f, Upload)}
    _add_galleries(survey, links, targets)
    return links


def _by_file(place: Place) -> str:
    """Of one without an old address, as our own layout says it."""
    inner = place.path.removeprefix(f"{CONTENT}/").removesuffix(".html")
    parts = inner.split("/")
    if parts[0] == folder("post") and parts[-1][:10].count("-") == 2 and parts[-1][:4].isdecimal():
        parts[-1] = parts[-1][11:] or parts[-1]
    return f"/{'/'.join(parts)}/"


def _add_galleries(survey: Survey, links: Links, targets: Targets) -> None:
    """Pictures of a post in the order that its author gave them."""
    for number, target in targets.items():
        item = survey.items[number]
        if any(item.file.lower().endswith(suffix) for suffix in PICTURES):
            links.pictures[number] = Picture(target, item.alt, item.caption)
            links.galleries.setdefault(item.parent, []).append(number)
    for ids in links.galleries.values():
        ids.sort(key=lambda number: (survey.items[number].order, int(number)))
