"""Django's own addresses: the console, where it is on, and previews beside it. The site itself is
not Django's to route.
"""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []

if settings.INSTANCE.console:
    from django.contrib import admin

    from apps.console.writing import preview_frames
    from whispercms.setup.pages import patterns

    urlpatterns = [
        *patterns(admin.site),
        path("admin/", admin.site.urls),
        path("-/preview/", include(preview_frames.patterns())),
    ]
