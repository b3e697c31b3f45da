"""The settings of one extension: a form for each place where it is listed, what would change, and
one commit."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.bases import sealed
from apps.console.extending import trying
from apps.console.extending.doing import carry_out
from apps.console.extending.reviewing import diffs
from apps.console.extending.setting_forms import Place, places
from apps.console.job_pages import begin
from apps.console.node import node
from apps.console.showing import show
from apps.extensions.finding import Kind
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.extensions.owning import choosing, planning
from apps.extensions.owning.owned import Owned, there, usable
from apps.gitsync.owning import Act, extension_of, look
from apps.gitsync.writing.extending import Seen, newest_owned, owned_at
from apps.policy.entities import Person

INVALID = 400
QUERY_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the page is made from: the site as it was seen, and a form for each place."""

    seen: Seen
    kind: Kind
    manifest: PluginManifest | ThemeManifest
    places: list[Place]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.manifest.id}"

    def address(self, page: str) -> str:
        return reverse(page, args=[self.kind, self.manifest.id])

    def act(self) -> Act:
        wanted = [place.form.values() for place in self.places]
        return Act(partial(planning.set_up, key=self.key, places=wanted))


def settings_page(
    request: HttpRequest, asker: Person, *, kind: Kind, name: str, base: str = ""
) -> HttpResponseBase:
    """Raises GitFault and OwnerRefused."""
    seen = _seen(base)
    owned = seen.owned
    if not owned.is_listed(kind, name):
        raise Http404
    manifest = usable(there(owned, kind, name))
    said = request.POST if base else request.GET or None
    found = places(manifest.settings, _listed(owned, kind, name), said)
    sheet = Sheet(seen=seen, kind=kind, manifest=manifest, places=found)
    if not base:
        return _page(request, sheet)
    if not all(place.form.is_valid() for place in found):
        return _page(request, sheet, status=INVALID)
    return _acted(request, asker, sheet)


def _acted(request: HttpRequest, asker: Person, sheet: Sheet) -> HttpResponseBase:
    act, base = sheet.act(), sheet.seen.commit
    if "try" in request.POST:
        wanted = trying.Trying(
            act=act,
            title=_("Trying other settings of %(name)s") % {"name": sheet.manifest.id},
            back=f"{sheet.address('admin:extension_settings')}{_typed(request)}",
            owner=request.user.get_username(),
            commit=base,
        )
        return begin(request, wanted.title, wanted)
    if "look" in request.POST:
        here = node()
        told = look(here.site(), act, here.workers, base)
        return _page(request, sheet, looked=True, diffs=diffs(told))
    carry_out(request, asker, act, base=base)
    return HttpResponseRedirect(sheet.address("admin:extension"))


def _page(
    request: HttpRequest, sheet: Sheet, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    context = {
        "title": _("Settings of %(name)s") % {"name": sheet.manifest.id},
        "name": sheet.manifest.id,
        "places": sheet.places,
        "own_page": sheet.address("admin:extension"),
        "base": sealed(sheet.seen.commit, str(extension_of(sheet.key))),
        **more,
    }
    return show(request, "console/extending/settings.html", context, status=status)


def _typed(request: HttpRequest) -> str:
    """What was typed, for the way back; nothing where it is too much for an address."""
    typed = [(n, v) for n, each in request.POST.lists() if n.startswith("p") for v in each]
    query = urlencode(typed)
    return f"?{query}" if len(query) <= QUERY_CHARACTERS else ""


def _seen(base: str) -> Seen:
    source, bundled = settings.SITE_SOURCE, settings.BUNDLED_EXTENSIONS
    return owned_at(source, bundled, base) if base else newest_owned(source, bundled)


def _listed(owned: Owned, kind: Kind, name: str) -> list[tuple[str, Any]]:
    rows = [row for row in owned.lists()[kind] if row["id"] == name]
    mounts = [str(row.get("mount", "/")) if kind == "theme" else "" for row in rows]
    return list(zip(mounts, choosing.settings_of(owned.lists(), kind, name), strict=True))
