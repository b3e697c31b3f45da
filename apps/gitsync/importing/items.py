"""Takes items of an export one by one: each becomes a file, or is told why it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apps.content.exports import ExportReader
from apps.content.wordpress.messages import Item, fits
from apps.gitsync.importing.documents import (
    Document,
    comments_of,
    comments_path,
    content_of,
    wanted_comments,
)
from apps.gitsync.importing.gathering import Gathered
from apps.gitsync.importing.headers import title_text
from apps.gitsync.importing.links import Links
from apps.gitsync.importing.outcomes import Outcome, Told
from apps.gitsync.importing.places import Place, Places
from apps.gitsync.importing.survey import ATTACHMENT, MENU_ITEM, Survey
from apps.gitsync.importing.uploads import Upload, Uploads
from apps.gitsync.syncing.reading import DOCUMENT_BYTES

TOO_LONG: Final = "its text is longer than a document may be"
KINDS_TOLD: Final = 12


@dataclass(slots=True)
class Items:
    """The second reading of an export. `files` are uploads by id of their attachment, or why there
    is none."""

    survey: Survey
    places: Places
    links: Links
    reader: ExportReader
    uploads: Uploads
    gathered: Gathered
    files: Mapping[str, Upload | str]
    targets: Mapping[str, str]
    blocks: Mapping[str, str]
    seen: set[str] = field(default_factory=set)

    def take(self, item: Item) -> None:
        """Raises GitFault, OSError or WorkerFault."""
        if item.type == MENU_ITEM:
            return  # Menus are made when all is known.
        reason = self._left_out(item)
        self.seen.add(item.id)
        if reason:
            if item.comments:
                self.gathered.comments[Outcome.LEFT_OUT] += len(item.comments)
            self._tell(item, Outcome.LEFT_OUT, (reason,))
        elif item.type == ATTACHMENT:
            self._attachment(item, self.places.places[item.id])
        else:
            self._document(item, self.places.places[item.id])

    def _left_out(self, item: Item) -> str:
        if not item.id.isdecimal() or item.id not in self.survey.items:
            return "it has no number, or the file changed while it was read"
        if item.id in self.seen:
            return f"another one has its number {item.id}"
        if item.id in self.places.left:
            return self.places.left[item.id]
        return "" if fits(item) else TOO_LONG

    def _document(self, item: Item, place: Place) -> None:
        html, reasons = self._html(item)
        document = Document(
            place=place,
            authors=self.survey.authors,
            html=html,
            image=self.targets.get(item.meta.get("_thumbnail_id", ""), ""),
        )
        reasons = [*place.reasons, *reasons, *self._comments(item, place)]
        self._put(item, document, reasons)

    def _attachment(self, item: Item, place: Place) -> None:
        """Its page leads to the file, which is here or still where it was."""
        html, reasons = self._html(item)
        upload = self.files.get(item.id, "")
        reasons = [*place.reasons, *reasons, *self._comments(item, place)]
        if isinstance(upload, Upload):
            with self.uploads.opened(upload.relative) as file:
                copied = self.gathered.copy(f"file:{item.id}", upload, file)
            reasons += [copied.reason] if copied.reason else []
        else:
            reasons.append(upload)
            self.gathered.fetch.append(item.attachment_url)
        target = self.targets.get(item.id, "")
        if not target:
            self._tell(item, Outcome.LEFT_OUT, (*reasons, "nobody can tell where its file was"))
            return
        old = self.links.old.target(item.attachment_url)
        moved = isinstance(upload, Upload) and old is not None
        document = Document(
            place=place,
            authors=self.survey.authors,
            html=html,
            target=target,
            aliases=(f"{old.path}",) if moved and old else (),
        )
        self._put(item, document, reasons)

    def _put(self, item: Item, document: Document, reasons: list[str]) -> None:
        place, content = document.place, content_of(item, document)
        if len(content) > DOCUMENT_BYTES:
            self._tell(item, Outcome.LEFT_OUT, (*reasons, TOO_LONG))
            return
        found = self.gathered.put(place.key, place.path, content, place.visibility)
        told = (*reasons, found.reason) if found.reason else tuple(reasons)
        self._tell(item, found.outcome, told)

    def _html(self, item: Item) -> tuple[str, list[str]]:
        reasons = ["part of it was too long to be read"] if item.cut else []
        if item.other_meta:
            reasons.append(f"fields of plugins and themes are left out: {item.other_meta}")
        if not item.body.strip():
            return "", reasons
        converted = self.reader.convert(item.body)
        if converted is None:
            return item.body, [
                *reasons,
                "its text is as it was, as it was too much to be made over",
            ]
        if converted.left:
            shown = [f"{name} ×{count}" for name, count in sorted(converted.left.items())]
            more = f" and {len(shown) - KINDS_TOLD} more" if len(shown) > KINDS_TOLD else ""
            reasons.append(f"not as it was: {', '.join(shown[:KINDS_TOLD])}{more}")
        html, left_out = self.links.html(converted.pieces, item.id, self.blocks)
        if left_out:
            reasons.append(f"galleries and blocks that made it too long: {left_out}")
        return html, reasons

    def _comments(self, item: Item, place: Place) -> list[str]:
        """And what is told of them."""
        wanted, all_there = wanted_comments(item), len(item.comments)
        reasons = []
        if wanted:
            path = comments_path(place)
            found = self.gathered.put(f"comments:{item.id}", path, comments_of(place, wanted))
            reasons.append(f"comments, without addresses, are in {path}: {len(wanted)}")
            reasons += [f"{path}: {found.reason}"] if found.reason else []
            self.gathered.comments[found.outcome] += len(wanted)
        if all_there > len(wanted):
            reasons.append(f"comments that were spam or in the trash: {all_there - len(wanted)}")
            self.gathered.comments[Outcome.LEFT_OUT] += all_there - len(wanted)
        return reasons

    def _tell(self, item: Item, outcome: Outcome, reasons: tuple[str, ...]) -> None:
        place = self.places.places.get(item.id)
        here = place is not None and outcome is not Outcome.LEFT_OUT
        self.gathered.told.append(
            Told(
                kind=item.type or "item",
                id=item.id,
                title=title_text(item.title),
                outcome=outcome,
                path=place.path if place and here else "",
                address=place.address if place and here else "",
                old=place.old if place else "",
                reasons=reasons,
            )
        )
