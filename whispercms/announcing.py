"""Wakes the console's open pages when a new commit is served. A hint, never the truth."""

from asgiref.sync import async_to_sync
from django.conf import settings

GROUP = "site"


def announce(commit: str) -> None:
    if not settings.INSTANCE.console:
        return
    from channels.layers import get_channel_layer

    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(GROUP, {"type": "site.synced", "commit": commit})
