"""What the console works with, handed over where there is one."""

from django.conf import settings

from apps.content.rendering import Renderer
from apps.delivery.live import LiveSite
from apps.runtime.boot import Notes
from apps.runtime.context import Context
from apps.runtime.workers import Workers


def load(context: Context) -> None:
    if not settings.INSTANCE.console:
        context.get(Notes)("off")
        return
    from apps.console import node

    node.use(
        node.ConsoleNode(
            workers=context.get(Workers),
            renderer=context.get(Renderer),
            live=context.get(LiveSite),
        )
    )


def stop(context: Context) -> None:
    if settings.INSTANCE.console:
        from apps.console import node

        node.use(None)
