"""Another extension, or another version of one: a packed file is sent, and looked at before
anything of it is used."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.console.extending.uploads import keep
from apps.console.node import node
from apps.console.showing import show
from apps.extensions.limits import MIB, PACKED_BYTES
from apps.extensions.owning.owned import OwnerRefused
from apps.gitsync.writing.extending import newest_owned
from apps.policy.entities import Person

TEMPLATE = "console/extending/add.html"
INVALID = 400


class SentFile(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=format_lazy(
            gettext_lazy("A .zip, .tar or .tar.gz of the extension's folder, {most} MB at most."),
            most=PACKED_BYTES // MIB,
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".zip,.tar,.tgz,.gz", "aria-describedby": "id_file_help"}
        ),
    )


def add(request: HttpRequest, asker: Person) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, SentFile())
    form = SentFile(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=INVALID)
    try:
        return _looked_at(request, form)
    except OwnerRefused as error:
        form.add_error("file", str(error))
        return _page(request, form, status=INVALID)


def _looked_at(request: HttpRequest, form: SentFile) -> HttpResponseBase:
    from apps.extensions.owning.packed import unpack

    sent = form.cleaned_data["file"]
    if sent.size > PACKED_BYTES:
        raise OwnerRefused("packed.large", f"it has over {PACKED_BYTES} bytes")
    content = sent.read()
    files = unpack(content, node().workers)
    seen = newest_owned(settings.SITE_SOURCE, settings.BUNDLED_EXTENSIONS)
    verb = "upgrade" if seen.owned.own(files.kind, files.id) else "install"
    given = {"upload": keep(request.user.get_username(), content)}
    if verb == "install" and files.kind == "plugin":
        given["enabling"] = "1"
    where = reverse(f"admin:extension_{verb}", args=[files.kind, files.id])
    return HttpResponseRedirect(f"{where}?{urlencode(given)}")


def _page(request: HttpRequest, form: SentFile, status: int = 200) -> HttpResponseBase:
    context = {"title": _("Add an extension, or another version"), "form": form}
    return show(request, TEMPLATE, context, status=status)
