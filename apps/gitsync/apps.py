"""Django's name for this app."""

from django.apps import AppConfig


class GitsyncConfig(AppConfig):
    name = "apps.gitsync"
    label = "gitsync"
