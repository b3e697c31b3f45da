"""A kept conflict as a form, and what somebody decided by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apps.console.diffs import FileDiff, file_diff
from apps.console.publishing.bounds import TEXT_CHARACTERS
from apps.console.publishing.merge_parts import (
    RESULT,
    SIDES,
    BadChoice,
    Choice,
    Contents,
    Place,
    choices_in,
    places_of,
    result,
)
from apps.content.merging.forms import form_of
from apps.content.merging.messages import FileMerges
from apps.content.merging.three_way import Side, Three
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.conflicts import FileConflict, MergeConflict
from apps.gitsync.merging.contests import Version, mergeable
from apps.gitsync.merging.files import blobs_of, read_contents

EDITED = "edited-"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """`whole` is asked where the file itself is contested: its name, or whether it is there.
    `text` is what comes of it so far, None where it is no text or was not asked for."""

    number: str
    path: str
    reason: str
    whole: Place | None
    places: tuple[Place, ...]
    text: str | None = None
    edited: bool = False
    diff: FileDiff | None = None

    @property
    def all_places(self) -> tuple[Place, ...]:
        return (*([self.whole] if self.whole else []), *self.places)

    @property
    def undecided(self) -> int:
        """A side for the file decides its places as well."""
        if self.edited or (self.whole and self.whole.choice):
            return 0
        return sum(place.choice is None for place in self.all_places)


@dataclass(frozen=True, slots=True)
class Decided:
    """As `decide` takes it."""

    said: Mapping[Side, list[str]]
    contents: Mapping[str, bytes | None]


def forms(conflict: MergeConflict, sent: Mapping[str, str]) -> tuple[FileForm, ...]:
    """Raises BadChoice."""
    chosen = choices_in(sent)
    return tuple(
        FileForm(
            number=str(number),
            path=file.path,
            reason=file.reason,
            whole=_whole(str(number), file, chosen),
            places=places_of(file.places, str(number), chosen),
            edited=sent.get(f"{EDITED}{number}") == "yes",
        )
        for number, file in enumerate(conflict.files, start=1)
    )


def _whole(number: str, file: FileConflict, chosen: Mapping[str, Choice]) -> Place | None:
    if file.places and not file.is_open:
        return None
    base, ours, theirs = (_named(version) for version in file.versions)
    return Place(
        number=number,
        key="",
        line=0,
        base=base,
        ours=ours,
        theirs=theirs,
        choice=chosen.get(number),
    )


def _named(version: Version | None) -> str | None:
    return version.path if version else None


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the versions are, and who merges them."""

    repository: Repository
    merges: FileMerges

    def contents(self, file: FileConflict) -> Contents | None:
        """None where there are no two texts to be merged."""
        if not mergeable(file.kind, file.versions):
            return None
        known = read_contents(self.repository, blobs_of([file.versions]))
        base, ours, theirs = (known.get(v.blob) if v else None for v in file.versions)
        if ours is None or theirs is None:
            return None
        return Contents(Three(base, ours, theirs), form_of(file.path), self.merges)


def with_results(
    conflict: MergeConflict,
    shown: tuple[FileForm, ...],
    sent: Mapping[str, str],
    reading: Reading,
) -> tuple[FileForm, ...]:
    """With what comes of each file by the choices so far. Raises BadChoice and GitFault."""
    pairs = zip(conflict.files, shown, strict=True)
    return tuple(_with_result(file, form, sent, reading) for file, form in pairs)


def _with_result(
    file: FileConflict, form: FileForm, sent: Mapping[str, str], reading: Reading
) -> FileForm:
    contents = reading.contents(file)
    if contents is None or (form.whole and not file.places):
        return form
    content = _content(form, sent, contents)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return form
    diff = file_diff(file.path, contents.versions.ours, content)
    return replace(form, text=text, diff=diff)


def _content(form: FileForm, sent: Mapping[str, str], contents: Contents) -> bytes:
    if form.edited:
        text = sent.get(RESULT + form.number, "")
        if len(text) > TEXT_CHARACTERS:
            raise BadChoice(f"a text has over {TEXT_CHARACTERS} characters")
        return text.replace("\r\n", "\n").encode()
    return result(contents, _chosen(form))


def _chosen(form: FileForm) -> dict[int, Choice]:
    """By place, counted from 0; a side for the file stands for those that have none."""
    default = form.whole.choice if form.whole else None
    found = ((n, place.choice or default) for n, place in enumerate(form.places))
    return {n: choice for n, choice in found if choice}


def decided(
    conflict: MergeConflict,
    shown: tuple[FileForm, ...],
    sent: Mapping[str, str],
    reading: Reading,
) -> Decided:
    """Raises BadChoice and GitFault."""
    said: dict[Side, list[str]] = {side: [] for side in Side}
    contents: dict[str, bytes | None] = {}
    for file, form in zip(conflict.files, shown, strict=True):
        if form.undecided:
            raise BadChoice(f"{form.path}: {form.undecided} still to be decided")
        if not form.edited and all(_is_side(place) for place in form.all_places):
            for place in form.all_places:
                if place.choice:
                    said[SIDES[place.choice.way]].append(place.number)
            continue
        contents[file.path] = _own(file, form, sent, reading)
    return Decided(said, contents)


def _is_side(place: Place) -> bool:
    return place.choice is None or place.choice.way in SIDES


def _own(file: FileConflict, form: FileForm, sent: Mapping[str, str], reading: Reading) -> bytes:
    """What somebody wrote themselves."""
    found = reading.contents(file)
    if file.is_open or found is None:
        reason = f"{file.path} was renamed or removed as well: take a side, and edit it afterwards"
        raise BadChoice(reason)
    return _content(form, sent, found)
