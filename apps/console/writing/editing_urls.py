"""The addresses of what goes on beside the form of a document: drafts, previews, links to them."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from apps.console.writing import draft_pages, link_pages, preview_pages


def patterns(site: AdminSite) -> list[URLPattern]:
    """Those that end alike in their order: the longer first, as a path may hold anything."""
    return [
        *link_pages.patterns(site),
        *draft_pages.patterns(site),
        *preview_pages.patterns(site),
    ]
