"""Django's name for the outbox of the default database."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "apps.runtime.outbox"
    label = "outbox"
