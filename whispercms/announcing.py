"""Wakes the console's open pages when a new commit is served. A hint, never the truth."""

from asgiref.sync import async_to_sync

from apps.runtime.emissions import Event

GROUP = "site"


def announce(event: Event) -> None:
    """Of an event `site.synced`."""
    from channels.layers import get_channel_layer

    layer = get_channel_layer()
    if layer is not None:
        message = {"type": "site.synced", "commit": event.payload["commit"]}
        async_to_sync(layer.group_send)(GROUP, message)
