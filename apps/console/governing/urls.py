"""Addresses of the pages about policies."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from apps.console.governing import explain_pages, pages


def patterns(site: AdminSite) -> list[URLPattern]:
    guarded = site.admin_view
    return [
        path("policies/", guarded(pages.policies), name="policies"),
        path("policies/roles/", guarded(pages.roles), name="roles"),
        path("policies/sample/", guarded(pages.policy_sample), name="policy_sample"),
        path("policies/why/", guarded(explain_pages.explained), name="explain"),
        path("policies/check/<path:path>", guarded(pages.policy_check), name="policy_check"),
        path("policies/of/<path:path>", guarded(pages.policy), name="policy"),
    ]
