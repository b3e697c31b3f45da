"""Tells the console's open pages that a new commit is served, so that they can refresh."""

from time import time
from typing import Any

from channels.auth import get_user
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from django.urls import path

from apps.console.sessions import is_over

GROUP = "site"


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Open to people of the console only; says nothing but which commit is served."""

    async def connect(self) -> None:
        if not await self._is_let_in():
            await self.close()
            return
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def site_synced(self, event: dict[str, Any]) -> None:
        if await self._is_let_in():
            await self.send_json({"commit": event["commit"]})
        else:
            await self.close()

    async def _is_let_in(self) -> bool:
        """Asked each time: a page may be open longer than its session or its account last."""
        user = await get_user(self.scope)
        over = not user.is_authenticated or is_over(self.scope["session"], time())
        return bool(not over and user.is_staff)


live_application = URLRouter([path("admin/live/", LiveConsumer.as_asgi())])
