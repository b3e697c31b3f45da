"""The ASGI application: health, the console where it is on, the site for everything else."""

import asyncio
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whispercms.settings")

from whispercms.running import running

CONTEXT = running().context

from collections.abc import Awaitable, Callable

from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings

from apps.delivery.asgi import DeliveryASGI, Receive, Scope, ScopeIncoming, Send
from apps.delivery.front import Front, own_id
from apps.delivery.ingress.ingress import Ingress
from apps.runtime.peers import is_forwarding, is_local
from whispercms.collecting import keep
from whispercms.health import ALIVE, READY, health
from whispercms.measuring import PATH as MEASURED
from whispercms.measuring import metrics
from whispercms.servers import chosen
from whispercms.webhook import BODY_BYTES, BODY_SECONDS, PATH, Webhook, busy

CONSOLE = ("/admin/", "/static/", "/-/preview/")
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def _django() -> Application:
    from django.core.asgi import get_asgi_application

    return get_asgi_application()  # type: ignore[return-value]


class Site:
    """Sends each request to the half it belongs to. Django is asked for the console only."""

    def __init__(self) -> None:
        self._webhook = CONTEXT.get(Webhook)
        self._ingress = CONTEXT.get(Ingress)
        web, console = settings.INSTANCE.web, settings.INSTANCE.console
        says_date = not chosen(web.server, console=console).says_date
        self._delivery = DeliveryASGI(CONTEXT.get(Front), says_date=says_date)
        self._metrics = metrics(CONTEXT)
        self._django = _django() if settings.INSTANCE.console else None
        self._beside: dict[str, Application] = {
            ALIVE: self._health,
            READY: self._health,
            PATH: self._pull,
            **({MEASURED: self._measured} if self._metrics else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        beside = self._beside.get(path)
        if beside is None and self._django and (path.startswith(CONSOLE) or path == "/admin"):
            beside = self._django
        if beside is None:
            await self._delivery(scope, receive, send)
            return
        incoming = ScopeIncoming(scope)
        if refused := self._ingress.strange(incoming, any_host=path in (ALIVE, READY)):
            await self._delivery.send(refused, send, own_id())
        else:
            await beside(scope, receive, send)

    async def _pull(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        reply = self._webhook.refusal(scope["method"], named)
        if reply is None:
            try:
                body = await asyncio.wait_for(_body(receive), BODY_SECONDS)
                reply = self._webhook.answer(named, body)
            except TimeoutError:
                reply = busy()
        await self._delivery.send(reply, send, own_id())

    async def _health(self, scope: Scope, receive: Receive, send: Send) -> None:
        local = _is_local(scope)
        await self._delivery.run(lambda: health(scope["path"], local=local, context=CONTEXT), send)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._metrics is not None and self._metrics.is_for(local=_is_local(scope)):
            await self._delivery.run(self._metrics.reply, send)
        else:
            await self._delivery(scope, receive, send)


def _is_local(scope: Scope) -> bool:
    peer = (scope.get("client") or (None,))[0]
    forwarded = any(is_forwarding(name.decode("latin-1")) for name, _ in scope["headers"])
    return is_local(peer, forwarded)


async def _body(receive: Receive) -> bytes:
    """Not a byte more than may be sent."""
    body, more = b"", True
    while more and len(body) <= BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Some servers end this process without another word, once this has stopped."""
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await asyncio.to_thread(running().stop)
    await send({"type": "lifespan.shutdown.complete"})


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    """A WebSocket where there is nobody to talk to: refused with 403 before it is opened."""
    await receive()
    await send({"type": "websocket.close"})


def _protocols() -> ProtocolTypeRouter:
    protocols: dict[str, object] = {"http": Site(), "lifespan": _lifespan, "websocket": _closed}
    if settings.INSTANCE.console:
        from channels.auth import AuthMiddlewareStack

        from apps.console.live import live_application

        protocols["websocket"] = AllowedHostsOriginValidator(AuthMiddlewareStack(live_application))
    return ProtocolTypeRouter(protocols)


application = _protocols()
keep()
