"""Where the links of a body lead from now on: pages, pictures and lists that came over. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import quote, urlsplit

from apps.content.wordpress.messages import Address, Gallery, Piece, Reused
from apps.gitsync.importing.old_site import OldSite, address_or_none
from apps.gitsync.importing.uploads import relative_of, without_size

EXPANDED: Final = 200_000
"""Characters that galleries and reused blocks may add to one document."""
PICTURES: Final = 1_000
"""Of a gallery."""
SAFE: Final = "/-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class Picture:
    """Of a gallery."""

    url: str
    alt: str
    caption: str


@dataclass(slots=True)
class Links:
    """`pages` are addresses by themselves and by old ones, `numbers` by id of an item, `media` by
    path below the folder of uploads, `files` by what an attachment says; `galleries` are the
    pictures of a post by its id."""

    old: OldSite
    pages: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    galleries: dict[str, list[str]] = field(default_factory=dict)

    def html(
        self, pieces: tuple[Piece, ...], item_id: str, blocks: Mapping[str, str]
    ) -> tuple[str, int]:
        """And how many galleries and reused blocks are left out, as they would be too long."""
        parts: list[str] = []
        room, left_out = EXPANDED, 0
        for piece in pieces:
            if isinstance(piece, str):
                parts.append(piece)
            elif isinstance(piece, Address):
                found = self.lead(piece.url)
                parts.append(piece.raw if found is None else escape(found))
            else:
                made = self._expanded(piece, item_id, blocks)
                fits = len(made) <= room
                room -= len(made) if fits else 0
                left_out += not fits
                parts.append(made if fits else "")
        return "".join(parts), left_out

    def _expanded(self, piece: Gallery | Reused, item_id: str, blocks: Mapping[str, str]) -> str:
        return (
            self._gallery(piece, item_id)
            if isinstance(piece, Gallery)
            else blocks.get(piece.id, "")
        )

    def lead(self, url: str) -> str | None:
        """None for what stays as it is written."""
        if media := self._media(url):
            return media
        target = self.old.target(url)
        if target is None:
            return None
        address = self.numbers.get(target.number) if target.number else None
        if address is None and not target.number:
            address = self.pages.get(address_or_none(target.path) or "")
        return f"{quote(address, safe=SAFE)}{target.rest}" if address else None

    def _media(self, url: str) -> str:
        """A smaller picture is made from the whole one here, so that one is named."""
        relative = relative_of(url, "")
        if not relative or not self._is_own(url):
            return ""
        found = self.media.get(relative) or self.media.get(without_size(relative))
        return f"/{quote(found, safe=SAFE)}" if found else ""

    def _is_own(self, url: str) -> bool:
        hosted = (urlsplit(url).hostname or "").endswith(".files.wordpress.com")
        return hosted or self.old.target(url) is not None

    def _gallery(self, gallery: Gallery, item_id: str) -> str:
        ids = (gallery.ids or self.galleries.get(item_id, ()))[:PICTURES]
        shown = [self.pictures[each] for each in ids if each in self.pictures]
        figures = "\n".join(map(_figure, shown))
        columns = f"gallery gallery-columns-{gallery.columns}"
        return f'<figure class="{escape(columns)}">\n{figures}\n</figure>' if shown else ""


def _figure(picture: Picture) -> str:
    caption = f"<figcaption>{picture.caption}</figcaption>" if picture.caption else ""
    return (
        f'<figure><img src="{escape(picture.url)}" alt="{escape(picture.alt)}">{caption}</figure>'
    )
