"""Tells the console's open pages that a new commit is served, so that they can refresh."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from django.urls import path

GROUP = "site"


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Open to people of the console only; says nothing but which commit is served."""

    async def connect(self) -> None:
        user = self.scope["user"]
        if not (user.is_authenticated and user.is_staff):
            await self.close()
            return
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def site_synced(self, event: dict[str, Any]) -> None:
        await self.send_json({"commit": event["commit"]})


live_application = URLRouter([path("admin/live/", LiveConsumer.as_asgi())])
