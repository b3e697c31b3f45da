"""The WSGI application: health, the console where it is on, the site for everything else."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whispercms.settings")

from whispercms.running import running

CONTEXT = running().context

from collections.abc import Callable, Iterable

from django.conf import settings

from apps.delivery.front import Front, own_id
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.replies import Reply
from apps.delivery.wsgi import DeliveryWSGI, Environ, EnvironIncoming, StartResponse, send
from apps.runtime.peers import is_forwarding, is_local
from whispercms.collecting import keep
from whispercms.health import ALIVE, READY, health
from whispercms.measuring import PATH as MEASURED
from whispercms.measuring import metrics
from whispercms.webhook import PATH, Webhook


def _django() -> Callable[[Environ, StartResponse], Iterable[bytes]]:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()  # type: ignore[return-value]


CONSOLE = ("/admin/", "/static/")
DELIVERY = DeliveryWSGI(CONTEXT.get(Front))
DJANGO = _django() if settings.INSTANCE.console else None
INGRESS = CONTEXT.get(Ingress)
METRICS = metrics(CONTEXT)
WEBHOOK = CONTEXT.get(Webhook)
BESIDE = frozenset((ALIVE, READY, PATH, *([MEASURED] if METRICS else ())))


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    is_console = DJANGO is not None and (path.startswith(CONSOLE) or path == "/admin")
    if not (is_console or path in BESIDE):
        return DELIVERY(environ, start_response)
    incoming = EnvironIncoming(environ)
    if refused := INGRESS.strange(incoming, any_host=path in (ALIVE, READY)):
        return send(refused, start_response, own_id())
    if path in (ALIVE, READY):
        reply = health(path, local=_is_local(environ), context=CONTEXT)
        return send(reply, start_response, own_id())
    if path == PATH:
        return send(_webhook(environ), start_response, own_id())
    if METRICS is not None and path == MEASURED:
        if METRICS.is_for(local=_is_local(environ)):
            return send(METRICS.reply(), start_response, own_id())
        return DELIVERY(environ, start_response)
    return DJANGO(environ, start_response)  # type: ignore[misc]


def _is_local(environ: Environ) -> bool:
    names = (key[5:].replace("_", "-") for key in environ if key.startswith("HTTP_"))
    return is_local(environ.get("REMOTE_ADDR"), any(map(is_forwarding, names)))


def _webhook(environ: Environ) -> Reply:
    given = ((key[5:], environ[key]) for key in environ if key.startswith("HTTP_"))
    headers = {name.replace("_", "-").lower(): value for name, value in given}
    headers["content-length"] = environ.get("CONTENT_LENGTH") or ""
    return WEBHOOK.run(environ["REQUEST_METHOD"], headers, environ["wsgi.input"].read)


keep()
