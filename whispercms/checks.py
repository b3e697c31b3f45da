"""System checks of how this installation answers visitors, told at every start of a command."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from whispercms import servers
from whispercms.web_settings import METRICS_FOR_ALL

Found = Iterator[CheckMessage]


def server(**_: Any) -> list[CheckMessage]:
    return list(_server())


def exposure(**_: Any) -> list[CheckMessage]:
    return list(_exposure())


ALL: Final = ((server, Tags.compatibility), (exposure, Tags.security))


def register_all() -> None:
    for check, tag in ALL:
        register(check, tag)


def _server() -> Found:
    instance = settings.INSTANCE
    chosen = servers.chosen(instance.web.server, console=instance.console)
    if not chosen.is_installed():
        yield Warning(
            f"The server {chosen.name} is not installed.",
            hint=f"Run pip install {chosen.name}, or set server to another.",
            id="whispercms.W001",
        )
    if instance.console and instance.web.processes > 1:
        yield Warning(
            "A node with a console is served by one process.",
            hint="Leave processes to its default, or set console = false.",
            id="whispercms.W002",
        )


def _exposure() -> Found:
    web = settings.INSTANCE.web
    if web.debug_headers and not settings.DEBUG:
        yield Warning(
            "Every answer says what was read to make it, and which extensions had a part in it.",
            hint="Set debug_headers = false where visitors come.",
            id="whispercms.W003",
        )
    if web.metrics == METRICS_FOR_ALL and not web.trusted_proxies:
        yield Warning(
            "Anybody may read /metrics, which names extensions and the served commit.",
            hint="Set metrics = 'local', or keep /metrics from visitors in a proxy.",
            id="whispercms.W004",
        )
