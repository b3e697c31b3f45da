"""A document gets another place: its old address leads to it, and who links to it is told."""

from typing import Final

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.keeping import Wish, keep
from apps.console.node import ConsoleNode, node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import catalogue, telling
from apps.console.writing.edit_pages import about
from apps.console.writing.naming import beside
from apps.console.writing.opened import Opened, configured, is_document, open_document
from apps.console.writing.suggestion import quoted
from apps.console.writing.uses import uses_of
from apps.content.editing import EditError
from apps.extensions.authorising import PolicyDenied
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.resources import change_of
from apps.gitsync.writing.changes import MAX_CHANGE_BYTES, MAX_PATHS, check_path
from apps.gitsync.writing.changing import FileChange, content_at
from apps.gitsync.writing.renaming import with_old_address
from apps.policy.entities import Person

TEMPLATE: Final = "console/writing/move.html"
Files = dict[str, bytes | None]


@page(about=about, based=True)
def move(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    here, path = node(), unquote(object_id)
    opened = open_document(here, path, base or None)
    if request.method != "POST":
        return _form(request, here, opened, path)
    to = request.POST.get("path", "").strip().strip("/")
    try:
        files = moved(here, opened, to, alias="no_alias" not in request.POST)
        words = f"Move {quoted(opened.title.text or path)} to {to}"[:200]
        wish = Wish(files=files, cause=words, base=opened.base)
        kept = keep(here, asker, author_of(request.user), wish)
    except (GitFault, EditError, PolicyDenied) as error:
        return _form(request, here, opened, to, error=error)
    telling.saved(request, kept, _("The page has moved"))
    return HttpResponseRedirect(telling.links(to).change)


def moved(here: ConsoleNode, opened: Opened, to: str, *, alias: bool) -> Files:
    """What becomes of which file. Raises GitFault and EditError."""
    check_path(to)
    if to == opened.path:
        raise GitFault("path.same", "the page is there already", "Name another place")
    _insist_free(here, opened, to)
    new = opened.content
    if alias:
        change = FileChange(
            path=to, base=opened.base, old=opened.content, new=new, cause="", trailers={}
        )
        new = with_old_address(
            change, configured(), here.renderer, here.scribe(), was=opened.path
        ).new
    return {opened.path: None, to: new, **_companions(here, opened, to)}


def _insist_free(here: ConsoleNode, opened: Opened, to: str) -> None:
    if not is_document(configured(), to):
        raise GitFault(
            "path.role", f"a page at {to} would not be read", "Keep its folder and ending"
        )
    source = here.site().source
    if content_at(Repository(source.repository), source, opened.base, to) is not None:
        raise GitFault("path.taken", f"there is a page at {to} already", "Choose another path")


def _companions(here: ConsoleNode, opened: Opened, to: str) -> Files:
    """The files of a page's own folder, which go with it. Raises GitFault."""
    folder, new = beside(opened.path), beside(to)
    if not folder:
        return {}
    others = catalogue.sources_below(here, folder) - {opened.path}
    if others and not new:
        reason = "the page has files of its own, which need a folder"
        raise GitFault("path.bundle", reason, "Name a path that ends with /index.md")
    if len(others) * 2 + 2 > MAX_PATHS:
        raise GitFault("commit.size", "the page has too many files of its own", "Move it with Git")
    source = here.site().source
    repository = Repository(source.repository)
    files: Files = {}
    size = 0
    for each in sorted(others):
        content = content_at(repository, source, opened.base, each)
        size += len(content or b"")
        if size > MAX_CHANGE_BYTES:
            raise GitFault("commit.size", "its files are too large together", "Move it with Git")
        if content is not None:
            files |= {each: None, new + each[len(folder) :]: content}
    return files


def _form(
    request: HttpRequest,
    here: ConsoleNode,
    opened: Opened,
    to: str,
    *,
    error: GitFault | EditError | PolicyDenied | None = None,
) -> HttpResponse:
    context = {
        "title": _("Move the page"),
        "subtitle": opened.path,
        "opened": opened,
        "to": to,
        "uses": uses_of(here, opened.path, opened.address),
        "base": sealed(opened.base, str(change_of(opened.path)[1])),
        "error": error.reason if error else "",
        "remedy": getattr(error, "remedy", ""),
        **telling.head(opened),
    }
    status = 200 if error is None else telling.status_of(error)
    return show(request, TEMPLATE, context, status=status)
