"""A new document: asked for in a few fields, made in the style of its neighbours, then written."""

import posixpath
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.authors import author_of
from apps.console.bases import FIELD, opened, sealed
from apps.console.keeping import Wish, keep
from apps.console.node import ConsoleNode, node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import catalogue, telling
from apps.console.writing.naming import document_path, is_bundled
from apps.console.writing.opened import configured, is_document, meant, newest
from apps.console.writing.suggestion import suggested
from apps.content.configuration import Configuration
from apps.content.editing import EditError, Format
from apps.content.edits.fields import Path, Value
from apps.content.merging.forms import form_of
from apps.content.types import ContentType, form
from apps.extensions.authorising import PolicyDenied
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.resources import change_of
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.changing import content_at
from apps.policy.entities import Person, Resource

TEMPLATE: Final = "console/writing/new.html"
SUFFIXES: Final = {".md": "Markdown", ".html": "HTML", ".adoc": "AsciiDoc", ".json": "JSON"}
FORMATS: Final = frozenset({"yaml", "toml", "json"})
NEW_BASE: Final = "a new document"
LOOKED_AT: Final = 3
"""Neighbours whose headers show how this site writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says. `path` is empty where it is to be suggested."""

    title: str
    folder: str
    type: str
    suffix: str
    path: str
    text: str
    state: str


def about(request: HttpRequest) -> Resource:
    """A document that is not there yet, where it is to be."""
    asked = _asked(request, configured())
    return change_of(asked.path or posixpath.join(asked.folder, "new.md"))[1]


@page(about=about)
def add(request: HttpRequest, asker: Person) -> HttpResponse:
    """Raises ForgedBase."""
    here = node()
    configuration = configured()
    asked = _asked(request, configuration)
    if request.method != "POST":
        return _form(request, here, configuration, asked)
    base = opened(request.POST.get(FIELD, ""), NEW_BASE)
    path = asked.path or suggested_path(here, configuration, asked)
    if not asked.title:
        return _form(request, here, configuration, asked, error=_("Give it a title."))
    try:
        content = _made(here, configuration, asked, path)
        words = suggested(asked.title, [], created=True)
        wish = Wish(files={path: content}, cause=words, base=base)
        kept = keep(here, asker, author_of(request.user), wish)
    except (EditError, PolicyDenied, GitFault) as error:
        return _form(
            request, here, configuration, asked, error=_told(error), status=telling.status_of(error)
        )
    telling.saved(request, kept, _("The page is made; now write it"))
    return HttpResponseRedirect(reverse("admin:content_document_change", args=[quote(path)]))


def suggested_path(here: ConsoleNode, configuration: Configuration, asked: Asked) -> str:
    part = configuration.part(f"{asked.folder}/")
    near = catalogue.neighbours(here, asked.folder)
    day = datetime.now(UTC).date().isoformat()
    bundled = is_bundled(near) and part.layout != "jekyll"
    return document_path(part, asked.folder, asked.title, day, bundled=bundled, suffix=asked.suffix)


def _asked(request: HttpRequest, configuration: Configuration) -> Asked:
    sent = request.POST if request.method == "POST" else request.GET
    suffix = sent.get("suffix", "")
    folder = sent.get("folder", configuration.parts[-1].root).strip("/ ")
    return Asked(
        title=" ".join(sent.get("title", "").split()),
        folder=sent.get("other_folder", "").strip("/ ") or folder,
        type=sent.get("type", ""),
        suffix=suffix if suffix in SUFFIXES else next(iter(SUFFIXES)),
        path=sent.get("path", "").strip("/ "),
        text=sent.get("text", ""),
        state="public" if sent.get("state") == "public" else "draft",
    )


def _made(here: ConsoleNode, configuration: Configuration, asked: Asked, path: str) -> bytes:
    """Raises EditError, and GitFault for a path that is taken or can be no document's."""
    check_path(path)
    source = here.site().source
    repository = Repository(source.repository)
    if content_at(repository, source, newest(here), path) is not None:
        raise GitFault("path.taken", f"there is a page at {path} already", "Choose another path")
    _insist(configuration, path)
    fields = _fields(configuration, asked, path)
    style = "json" if path.endswith(".json") else _style(here, repository, asked)
    alone: Format | None = "json" if path.endswith(".json") else None
    text = asked.text or "\n"
    return here.scribe().edited(b"", fields, text, format=style, alone=alone).content


def _insist(configuration: Configuration, path: str) -> None:
    """Raises GitFault."""
    if not is_document(configuration, path):
        root = configuration.parts[-1].root or "/"
        reason = f"a page at {path} would not be read by this site"
        raise GitFault("path.role", reason, f"Put it below {root}, with an ending such as .md")


def _fields(configuration: Configuration, asked: Asked, path: str) -> dict[str | Path, Value]:
    """The header of a new document: its title and date, and what its type asks for."""
    part = configuration.part(path)
    fields: dict[str | Path, Value] = {("title",): asked.title}
    meaning = meant(configuration, path, {"title": asked.title})
    dated = meaning is not None and bool(meaning.placement.name_date)
    if not dated and "_posts" not in path.split("/"):
        now = datetime.now(UTC)
        fields[("date",)] = now.date() if part.layout != "hugo" else now.replace(microsecond=0)
    known = _type(configuration, asked.type)
    if known is not None:
        if not known.folders and not known.sections:
            fields[("type",)] = known.name
        fields |= {
            (each.name,): each.default
            for each in form(known)
            if each.required and each.default is not None
        }
    if asked.state == "draft":
        jekyll = part.layout == "jekyll"
        fields[("published",) if jekyll else ("draft",)] = not jekyll
    return fields


def _type(configuration: Configuration, name: str) -> ContentType | None:
    return next((each for each in configuration.types if each.name == name), None)


def _style(here: ConsoleNode, repository: Repository, asked: Asked) -> Format:
    """As most of the neighbours have it; YAML where there are none."""
    source, tip = here.site().source, newest(here)
    near = catalogue.neighbours(here, asked.folder) or catalogue.anywhere(here)
    found: list[str] = []
    for path in near[:LOOKED_AT]:
        content = content_at(repository, source, tip, path)
        if content is not None:
            found.append(here.scribe().parts(content, form_of(path)).format)
    styles = [each for each in found if each in FORMATS and each != "json"]
    if not styles:
        return "yaml"
    return "toml" if styles.count("toml") * 2 > len(styles) else "yaml"


def _form(
    request: HttpRequest,
    here: ConsoleNode,
    configuration: Configuration,
    asked: Asked,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    folders = [each.folder for each in catalogue.folders(here)]
    root = configuration.parts[-1].root.strip("/")
    context = {
        "title": _("New page"),
        "asked": asked,
        "error": error,
        "base": sealed(newest(here), NEW_BASE),
        "folders": list(dict.fromkeys([*folders, *([root] if root else []), asked.folder])),
        "types": configuration.types,
        "suffixes": list(SUFFIXES.items()),
        "suggestion": suggested_path(here, configuration, asked) if asked.title else "",
        "list_url": reverse("admin:content_document_changelist"),
    }
    code = status if status != 200 or not error else telling.REFUSED
    return show(request, TEMPLATE, context, status=code)


def _told(error: Exception) -> str:
    remedy = getattr(error, "remedy", "")
    reason = getattr(error, "reason", str(error))
    return f"{reason}. {remedy}" if remedy else reason
