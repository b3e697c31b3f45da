"""A document as it is opened to be written: its text at one commit, and what a form makes of it."""

import posixpath
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.console.node import ConsoleNode
from apps.console.writing import catalogue
from apps.console.writing.fields import Field, Sheet, fields_of
from apps.console.writing.states import Keys, Timed, keys_of, state_of
from apps.content import dates, layouts, types
from apps.content.addresses import AddressError
from apps.content.configuration import Configuration
from apps.content.documents import visibility_of
from apps.content.entries import ALWAYS, NEVER
from apps.content.frontmatter import BODY_KEYS
from apps.content.merging.forms import form_of
from apps.content.merging.parts import Form
from apps.content.part_messages import DocumentParts
from apps.content.timing import timing
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.resources import served_configuration
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.changing import content_at, newest_seen

TITLE: Final = ("title",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """`base` is the commit that it was read at. `address` is empty where it would have none."""

    path: str
    base: str
    content: bytes
    parts: DocumentParts
    title: Field
    fields: tuple[Field, ...]
    keys: Keys
    timed: Timed
    type: str = ""
    address: str = ""

    @property
    def body(self) -> str:
        """Of a file that is all header, the field that is its body."""
        if not self.parts.alone:
            return self.parts.body
        found = (self.parts.front.get(key) for key in BODY_KEYS)
        return next((each for each in found if isinstance(each, str)), "")

    @property
    def has_form(self) -> bool:
        """Whether its header can be read, so that there are fields to fill in."""
        return not self.parts.flaws


def newest(node: ConsoleNode) -> str:
    """The commit that an author of this node sees. Raises GitFault."""
    return newest_seen(node.site().source)


def open_document(
    node: ConsoleNode, path: str, commit: str | None = None, *, gone: bool = False
) -> Opened:
    """At a commit, or at the newest; with `gone` one that is not there is empty. Raises
    GitFault."""
    insist_document(path)
    source = node.site().source
    repository, base = Repository(source.repository), commit or newest_seen(source)
    content = content_at(repository, source, base, path)
    if content is None and gone:
        content = b""
    if content is None:
        reason = f"there is no {path} (any more)"
        raise GitFault("path.unknown", reason, "Look for it in the list, or among the deleted ones")
    return made_of(node, path, base, content)


def insist_document(path: str) -> None:
    """These rooms show and write nothing else of a repository. Raises GitFault."""
    check_path(path)
    if not is_document(configured(), path):
        raise GitFault("path.role", f"{path} is no page of this site", "Choose one of the list")


def is_document(configuration: Configuration, path: str) -> bool:
    return layouts.role(configuration, path) in (layouts.Role.DOCUMENT, layouts.Role.EITHER)


def made_of(node: ConsoleNode, path: str, base: str, content: bytes) -> Opened:
    """Raises GitFault where nothing is served yet."""
    parts = node.scribe().parts(content, form_of(path))
    configuration = configured()
    front = parts.front
    keys = keys_of(configuration.part(path), front)
    meaning = meant(configuration, path, front)
    section = meaning.placement.section if meaning else posixpath.dirname(path)
    neutral = meaning.front if meaning else front
    kind = types.type_of(configuration.types, neutral, path, section)
    known = next((each for each in configuration.types if each.name == kind), None)
    hidden = {*TITLE, *keys.all(), *(BODY_KEYS if form_of(path) is Form.JSON else ())}
    sheet = Sheet(
        typed=types.form(known) if known else (),
        terms=catalogue.terms(node, configuration.taxonomies),
        hidden=hidden,
    )
    return Opened(
        path=path,
        base=base,
        content=content,
        parts=parts,
        title=_title(front),
        fields=_with_files(node, configuration, fields_of(front, sheet)),
        keys=keys,
        timed=timed_of(neutral, meaning),
        type=kind,
        address=meaning.placement.url if meaning else "",
    )


def _with_files(
    node: ConsoleNode, configuration: Configuration, fields: tuple[Field, ...]
) -> tuple[Field, ...]:
    """Those that name a file suggest the site's own; nothing is looked up where there is none."""
    if not any(each.control == "file" for each in fields):
        return fields
    files = catalogue.nameable(node, configuration.root)
    return tuple(
        replace(each, suggestions=files) if each.control == "file" else each for each in fields
    )


def configured() -> Configuration:
    """Raises GitFault."""
    found = served_configuration()
    if found is None:
        raise GitFault("site.unserved", "this node serves nothing yet", "Run manage.py syncrepo")
    return found


def meant(
    configuration: Configuration, path: str, front: Mapping[str, Any]
) -> layouts.Meaning | None:
    try:
        return layouts.meaning(configuration, path, front)
    except (AddressError, layouts.LeftOut):
        return None


def now_text() -> str:
    return dates.from_timestamp(int(time.time()))


def _title(front: Mapping[str, Any]) -> Field:
    said = front.get("title")
    fits = said is None or isinstance(said, str | int | float)
    text = str(said) if said is not None and fits else ""
    return Field(
        path=TITLE,
        label="Title",
        control="line" if fits else "fixed",
        value=said,
        is_there="title" in front,
        text=text,
        required=bool(text),
    )


def timed_of(front: Mapping[str, Any], meaning: layouts.Meaning | None) -> Timed:
    """Of front matter in our keys."""
    named = meaning.placement.name_date if meaning else dates.NONE
    said = dates.read_date(front.get("date")) or named
    when = timing(front, said, lambda *told: None)
    state = state_of(visibility_of(front), when.publish, when.expires, now_text())
    publish = "" if when.publish in (ALWAYS, NEVER) else when.publish
    expires = "" if when.expires in (ALWAYS, NEVER) else when.expires
    return Timed(state=state, publish=publish, expires=expires)
