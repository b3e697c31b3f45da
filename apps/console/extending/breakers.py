"""A person lets an extension run again that was left out, or has its workers begin anew."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.extending.figures import running
from apps.console.node import node
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import enable_all
from apps.extensions.finding import Kind
from apps.policy.entities import Person


def release(
    request: HttpRequest, asker: Person, *, kind: Kind, name: str, base: str = ""
) -> HttpResponseBase:
    if request.method == "POST":
        store = DatabaseStore(settings.SITE_KEY)
        by = f"user:{request.user.get_username()}"
        found = enable_all(store, f"{kind}:{name}", by=by, dry_run=False)
        for key, status in found.items():
            said = _("%(key)s may run again. It was %(state)s: %(reason)s")
            told = {"key": key, "state": status.state, "reason": status.reason}
            messages.success(request, said % told)
        if not found:
            messages.info(request, _("Nothing to do: it is not left out."))
    return _back(kind, name)


def restart(
    request: HttpRequest, asker: Person, *, kind: Kind, name: str, base: str = ""
) -> HttpResponseBase:
    """Of this process; the others go on with theirs."""
    if request.method == "POST":
        pools = {id(each.pool): each.pool for each in running(node().live, kind, name)}
        for pool in pools.values():
            pool.renew()
        told = _("%(name)s starts anew.") if pools else _("%(name)s is not running here.")
        messages.success(request, told % {"name": name})
    return _back(kind, name)


def _back(kind: Kind, name: str) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("admin:extension", args=[kind, name]))
