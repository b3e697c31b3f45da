"""The console as a site of Django's admin: who gets in, and how the first person does."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import login as log_in
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from apps.console import asking, first_run, job_pages, navigation, people, refusals
from apps.console.addresses import is_here
from apps.console.bounds import READING
from apps.console.dashboard import views as dashboard
from apps.console.extending import urls as extending_urls
from apps.console.governing import urls as governing
from apps.console.login import FIRST, FirstRunForm, LoginForm, knock
from apps.console.publishing import urls as publishing
from apps.console.waiting import wait
from apps.console.writing import editing_urls, media_pages
from apps.policy.entities import Person

SAME_ACCOUNT = "change-password"


class ConsoleSite(AdminSite):
    site_header = site_title = "WhisperCMS"
    index_title = "Console"
    login_form = LoginForm
    login_template = "console/login.html"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The rooms' own pages before Django's, which end with one that takes everything."""
        return [
            path("first-run/", self.first_run, name="first_run"),
            *job_pages.patterns(self),
            *publishing.patterns(self),
            *editing_urls.patterns(self),
            *media_pages.patterns(self),
            *extending_urls.patterns(self),
            *governing.patterns(self),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Django's own list of records stays below the dashboard, as far as policy shows it."""
        return dashboard.page(request, self.get_app_list(request))

    @method_decorator(require_safe)
    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return super().app_index(request, app_label, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "navigation": navigation.entries(request)}

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever sends something without being logged in is told so, and the audit is."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if request.method not in READING and not self.has_permission(request):
                return refusals.not_logged_in(request)
            try:
                answer: HttpResponseBase = guarded(request, *args, **named)
            except PermissionDenied:
                return refusals.not_allowed(request)
            return answer

        return asked

    def login(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if first_run.is_due() and is_here(request):
            return HttpResponseRedirect(reverse("admin:first_run"))
        if request.method == "POST" and (until := knock(request, _name(request))):
            return wait(request, self.each_context(request), until)
        return super().login(request, extra_context)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Asks for the old password, so that attempts count here too."""
        if request.method != "POST":
            return super().password_change(request, extra_context)
        name = request.user.get_username()
        if until := knock(request, name):
            return wait(request, self.each_context(request), until)
        with transaction.atomic():
            answer = super().password_change(request, extra_context)
            changed = answer.status_code == HttpResponseRedirect.status_code
            reason = "own password changed" if changed else "own password not changed"
            person = Person(name)
            asking.note(person, SAME_ACCOUNT, person, allowed=changed, reason=reason)
        return answer

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    def first_run(self, request: HttpRequest) -> HttpResponseBase:
        """A page for as long as there is no account, and for this machine only."""
        if not first_run.is_due() or not is_here(request):
            return HttpResponseRedirect(reverse("admin:login"))
        if request.method == "POST" and (until := knock(request, FIRST)):
            return wait(request, self.each_context(request), until)
        form = FirstRunForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (answer := _added(request, form)):
            return answer
        context = {**self.each_context(request), "form": form, "title": "The first account"}
        return TemplateResponse(request, "console/first_run.html", context)


def _added(request: HttpRequest, form: FirstRunForm) -> HttpResponse | None:
    account = form.save(commit=False)
    try:
        people.add_prepared(asking.COMMAND, account, first=True, by=" by the code of start-up")
    except people.PeopleError as error:
        form.add_error(None, str(error))
        return None
    first_run.withdraw()
    log_in(request, account)
    messages.success(request, f"You are {account.username} from now on.")
    return HttpResponseRedirect(reverse("admin:index"))


def _name(request: HttpRequest) -> str:
    return request.POST.get("username", "")
