"""Django's own addresses: the console, where it is on. The site itself is not Django's to route."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = []

if settings.INSTANCE.console:
    from django.contrib import admin

    urlpatterns = [path("admin/", admin.site.urls)]
