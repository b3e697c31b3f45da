"""The ASGI application: health, the console where it is on, the site for everything else."""

import asyncio
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whispercms.settings")

from whispercms.running import running

CONTEXT = running().context

from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

from apps.delivery.asgi import DeliveryASGI, Receive, Scope, Send
from apps.delivery.live import LiveSite
from apps.runtime.peers import is_forwarding, is_local
from whispercms.health import ALIVE, READY, health
from whispercms.webhook import BODY_BYTES, BODY_SECONDS, PATH, Webhook, busy

CONSOLE = ("/admin/", "/static/")


class Site:
    """Sends each request to the half it belongs to. Django is asked for the console only."""

    def __init__(self) -> None:
        self._webhook = CONTEXT.get(Webhook)
        self._delivery = DeliveryASGI(CONTEXT.get(LiveSite), has_console=settings.INSTANCE.console)
        self._django = get_asgi_application() if settings.INSTANCE.console else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in (ALIVE, READY):
            await self._health(scope, send)
        elif path == PATH:
            await self._pull(scope, receive, send)
        elif self._django and (path.startswith(CONSOLE) or path == "/admin"):
            await self._django(scope, receive, send)  # type: ignore[arg-type]
        else:
            await self._delivery(scope, receive, send)

    async def _pull(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        reply = self._webhook.refusal(scope["method"], named)
        if reply is None:
            try:
                body = await asyncio.wait_for(_body(receive), BODY_SECONDS)
                reply = self._webhook.answer(named, body)
            except TimeoutError:
                reply = busy()
        await self._delivery.send(reply, send)

    async def _health(self, scope: Scope, send: Send) -> None:
        peer = (scope.get("client") or (None,))[0]
        forwarded = any(is_forwarding(name.decode("latin-1")) for name, _ in scope["headers"])
        local = is_local(peer, forwarded)
        await self._delivery.run(lambda: health(scope["path"], local=local, context=CONTEXT), send)


async def _body(receive: Receive) -> bytes:
    """Not a byte more than may be sent."""
    body, more = b"", True
    while more and len(body) <= BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _protocols() -> ProtocolTypeRouter:
    protocols = {"http": Site()}
    if settings.INSTANCE.console:
        from channels.auth import AuthMiddlewareStack

        from apps.console.live import live_application

        protocols["websocket"] = AllowedHostsOriginValidator(AuthMiddlewareStack(live_application))
    return ProtocolTypeRouter(protocols)


application = _protocols()
