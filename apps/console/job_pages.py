"""The page of long work: how far it is, and then where it leads."""

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse

from apps.console import jobs
from apps.console.pages import FAULTS, denied, fault
from apps.console.showing import show
from apps.extensions.authorising import PolicyDenied


def patterns(site: AdminSite) -> list[URLPattern]:
    guarded = site.admin_view
    return [
        path("jobs/<str:job_id>/", guarded(job_page), name="job"),
        path("jobs/<str:job_id>/state/", guarded(job_state), name="job_state"),
    ]


def begin(request: HttpRequest, title: str, call: jobs.Call) -> HttpResponseRedirect:
    """To the page that tells how far it is. Raises TooMuch."""
    job = jobs.start(request.user, title, call)
    return HttpResponseRedirect(reverse("admin:job", args=[job.id]))


def job_page(request: HttpRequest, job_id: str) -> HttpResponse:
    job = _found(request, job_id)
    if isinstance(job.failed, PolicyDenied):
        return denied(request, job.failed)
    if isinstance(job.failed, (*FAULTS,)):
        return fault(request, job.failed)
    if job.is_over and not job.failed:
        return HttpResponseRedirect(job.goes_to)
    return show(request, "console/job.html", {"title": job.title, "job": job})


def job_state(request: HttpRequest, job_id: str) -> JsonResponse:
    return JsonResponse(_found(request, job_id).as_json())


def _found(request: HttpRequest, job_id: str) -> jobs.Job:
    job = jobs.find(request.user, job_id)
    if job is None:
        raise Http404
    return job
