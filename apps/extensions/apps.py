"""Django's name for this app."""

from django.apps import AppConfig


class ExtensionsConfig(AppConfig):
    name = "apps.extensions"
    label = "extensions"
