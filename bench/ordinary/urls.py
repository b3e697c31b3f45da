"""One address pattern for all pages."""

from django.urls import path

from bench.ordinary.views import page

urlpatterns = [path("<path:path>", page)]
