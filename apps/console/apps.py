"""Django's names for this app and for its admin site."""

from time import time
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class ConsoleConfig(AppConfig):
    name = "apps.console"
    label = "console"

    def ready(self) -> None:
        from apps.console import checks

        checks.register_all()
        user_logged_in.connect(_begin_session, dispatch_uid="console.sessions")


class ConsoleAdminConfig(AdminConfig):
    default_site = "apps.console.site.ConsoleSite"


def _begin_session(request: HttpRequest, **signal: Any) -> None:
    from apps.console.sessions import begin, sweep

    begin(request.session, time())
    sweep()
