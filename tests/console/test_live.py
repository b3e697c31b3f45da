"""The console's open pages are told of new commits for as long as they may be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddleware
from channels.layers import get_channel_layer
from channels.sessions import SessionMiddlewareStack
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections

from apps.console import asking, people
from apps.console.bounds import IDLE_SECONDS
from apps.console.live import GROUP, live_application
from tests.console.stage import Stage, account, logged_in

PATH = "/admin/live/"


def watching(key: str, act: Callable[[Any], Awaitable[Any]]) -> Any:
    """Opens the socket with a session's key, and does `act` with it and whether it was let in."""

    async def run() -> Any:
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}".encode()
        application = SessionMiddlewareStack(AuthMiddleware(live_application))
        socket = WebsocketCommunicator(application, PATH, headers=[(b"cookie", cookie)])
        let_in, _ = await socket.connect(timeout=5)
        try:
            return await act(socket) if let_in else "refused"
        finally:
            await socket.disconnect()
            await asyncio.to_thread(connections.close_all)

    return asyncio.run(run())


async def next_told(socket: Any) -> Any:
    message = {"type": "site.synced", "commit": "c2"}
    await get_channel_layer().group_send(GROUP, message)
    told = await socket.receive_output(timeout=5)
    return told.get("text") or told["type"]


def key_of(name: str = "ada") -> str:
    return str(logged_in(name).session.session_key)


def test_who_is_in_is_told_which_commit_is_served(stage: Stage) -> None:
    account()
    assert watching(key_of(), next_told) == '{"commit": "c2"}'


def test_nobody_else_is_let_in(stage: Stage) -> None:
    account()
    assert watching("nonsense", next_told) == "refused"


def test_a_session_that_is_over_opens_nothing(stage: Stage) -> None:
    account()
    client = logged_in()
    session = client.session
    session["seen"] -= IDLE_SECONDS
    session.save()
    assert watching(str(session.session_key), next_told) == "refused"


def test_a_page_that_is_open_is_told_nothing_after_its_account_was_disabled(stage: Stage) -> None:
    account()

    async def disabled(socket: Any) -> Any:
        await asyncio.to_thread(people.set_active, asking.COMMAND, "ada", active=False)
        return await next_told(socket)

    assert watching(key_of(), disabled) == "websocket.close"
