"""Pages of policies: what there is, one file, samples, and who is in which role."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.bases import sealed
from apps.console.diffs import file_diff
from apps.console.governing.forms import NewPolicyForm, PolicyForm, RolesForm, SampleForm
from apps.console.governing.judging import Judged, checked, judged, with_files
from apps.console.governing.saving import insist_policy, saved
from apps.console.node import node
from apps.console.pages import page
from apps.console.showing import show
from apps.content.editing import Changes
from apps.gitsync import policing
from apps.gitsync.policing import Where
from apps.policy.bundled import SAMPLES, sample
from apps.policy.entities import Person, Policy, Resource
from apps.policy.limits import POLICY_FILE_BYTES
from apps.policy.roles import PATH as ROLES
from apps.policy.roles import RolesUnreadable, read_roles

ACT: Final = "change-policy"
UNFIT: Final = 422
CHANGES: Final = 40
TOO_LARGE: Final = 413
ALL: Final = Policy("*")
HAS_NONE: Final = b"# Who is in which role, by the names of their accounts.\n[roles]\n"


def _all(request: HttpRequest, **named: Any) -> Resource:
    return ALL


def _one(request: HttpRequest, path: str) -> Resource:
    return Policy(path)


@page(look=ACT, act=ACT, about=_all)
def policies(request: HttpRequest, asker: Person) -> HttpResponse:
    """Of the newest commit, published or not."""
    where = policing.at_commit()
    new = NewPolicyForm(request.POST if request.method == "POST" else None)
    if new.is_valid():
        return HttpResponseRedirect(reverse("admin:policy", args=[new.cleaned_data["name"]]))
    context = {
        "title": _("Policy"),
        "paths": sorted(path for path in where.files if path != ROLES),
        "judged": judged(node(), where, where),
        "roles": _roles(where),
        "new": new,
        "samples": SampleForm(),
        "base": sealed(where.name, str(Policy(ROLES))),
        "is_governed": any(path.endswith(".cedar") for path in where.files),
    }
    return show(request, "console/governing/policies.html", context)


@page(look=ACT, act=ACT, about=_one, based=True)
def policy(request: HttpRequest, asker: Person, path: str, base: str = "") -> HttpResponse:
    """One file: looked at, judged, and saved."""
    insist_policy(path)
    where = policing.at_commit(base or None)
    old = where.files.get(path)
    posted = request.POST if request.method == "POST" else None
    form = PolicyForm(posted, initial={"text": (old or b"").decode("utf-8", "replace")})
    found: Judged | None = None
    if form.is_valid():
        new = None if "_delete" in request.POST else form.content()
        found = judged(node(), where, with_files(where, {path: new}))
        if _may_save(request, form, found, asker):
            words = _("Change {path}").format(path=path)
            return saved(request, asker, {path: new}, base=base, cause=words)
    context = {
        "title": path,
        "path": path,
        "form": form,
        "judged": found,
        "changes": found.changes[:CHANGES] if found else (),
        "diff": file_diff(path, old, form.content()) if found else None,
        "base": sealed(where.name, str(Policy(path))),
        "is_new": old is None,
    }
    status = UNFIT if found and found.flaws else 200
    return show(request, "console/governing/policy.html", context, status=status)


@page(look=ACT, act=ACT, about=_one)
def policy_check(request: HttpRequest, asker: Person, path: str) -> HttpResponse:
    """What is wrong with a text that is being typed; nothing is changed."""
    if request.method != "POST":
        raise Http404
    text = request.POST.get("text", "").replace("\r\n", "\n").encode()
    if len(text) > POLICY_FILE_BYTES:
        return JsonResponse({"error": "too large"}, status=TOO_LARGE)
    found = checked(node(), with_files(policing.at_commit(), {path: text}))
    return JsonResponse(found.as_json())


@page(look=ACT, act=ACT, about=lambda request, **named: Policy(ROLES), based=True)
def policy_sample(request: HttpRequest, asker: Person, base: str = "") -> HttpResponse:
    """A sample's files in the place of the site's policies; the asker administers the site."""
    name = request.POST.get("sample", "")
    if request.method != "POST" or name not in SAMPLES:
        raise Http404
    where = policing.at_commit(base)
    files = {path: content for path, content in sample(name).items() if "/tests/" not in path}
    files[ROLES] = _with_owner(files.get(ROLES, HAS_NONE), asker.id)
    gone = {path: None for path in where.files if path.endswith(".cedar") and path not in files}
    words = _("Take over the policies {name}").format(name=name)
    return saved(request, asker, {**gone, **files}, base=base, cause=words)


@page(look=ACT, act=ACT, about=lambda request, **named: Policy(ROLES), based=True)
def roles(request: HttpRequest, asker: Person, base: str = "") -> HttpResponse:
    """Who is in which role, as a form; the rest of the file stays as it is."""
    where = policing.at_commit(base or None)
    before = _roles(where)
    form = RolesForm(before, request.POST if request.method == "POST" else None)
    found: Judged | None = None
    if form.is_valid():
        old = where.files.get(ROLES, HAS_NONE)
        wanted = {r: p for r, p in form.roles().items() if tuple(p) != before.get(r)}
        fields: Changes = {("roles", role): [*people] for role, people in wanted.items()}
        new = node().scribe().edited(old, fields, alone="toml").content if fields else old
        found = judged(node(), where, with_files(where, {ROLES: new}))
        if _may_save(request, form, found, asker):
            words = _("Change who is in which role")
            return saved(request, asker, {ROLES: new}, base=base, cause=words)
    context = {
        "title": _("Who is in which role"),
        "form": form,
        "judged": found,
        "changes": found.changes[:CHANGES] if found else (),
        "people": policing.accounts(),
        "base": sealed(where.name, str(Policy(ROLES))),
    }
    status = UNFIT if found and found.flaws else 200
    return show(request, "console/governing/roles.html", context, status=status)


def _may_save(request: HttpRequest, form: Any, found: Judged, asker: Person) -> bool:
    """Whoever would lock themselves out has to say so."""
    if found.flaws or "_look" in request.POST:
        return False
    if found.locks_out(asker.id) and not form.cleaned_data["confirm"]:
        form.add_error(
            "confirm", _("You could not change policies any more. Tick this if you mean it.")
        )
        return False
    return True


def _roles(where: Where) -> dict[str, tuple[str, ...]]:
    """None where the file cannot be read: it is mended as text then."""
    try:
        return dict(read_roles(where.files.get(ROLES, b"").decode()).members)
    except (RolesUnreadable, UnicodeDecodeError):
        return {}


def _with_owner(content: bytes, owner: str) -> bytes:
    """The people whom a sample names are nobody here."""
    names = read_roles(content.decode()).members
    fields: Changes = {("roles", r): [owner] if r == "administrators" else [] for r in names}
    return node().scribe().edited(content, fields, alone="toml").content if fields else content
