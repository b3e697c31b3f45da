"""The WSGI application: health, the console where it is on, the site for everything else."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whispercms.settings")

from whispercms.running import running

CONTEXT = running().context

from collections.abc import Iterable

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply
from apps.delivery.wsgi import DeliveryWSGI, Environ, StartResponse, send
from apps.runtime.peers import is_forwarding, is_local
from whispercms.health import ALIVE, READY, health
from whispercms.webhook import PATH, Webhook

CONSOLE = ("/admin/", "/static/")
DELIVERY = DeliveryWSGI(CONTEXT.get(LiveSite))
DJANGO = get_wsgi_application() if settings.INSTANCE.console else None
WEBHOOK = CONTEXT.get(Webhook)


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path in (ALIVE, READY):
        names = (key[5:].replace("_", "-") for key in environ if key.startswith("HTTP_"))
        forwarded = any(map(is_forwarding, names))
        local = is_local(environ.get("REMOTE_ADDR"), forwarded)
        return send(health(path, local=local, context=CONTEXT), start_response)
    if path == PATH:
        return send(_webhook(environ), start_response)
    if DJANGO and (path.startswith(CONSOLE) or path == "/admin"):
        return DJANGO(environ, start_response)  # type: ignore[arg-type]
    return DELIVERY(environ, start_response)


def _webhook(environ: Environ) -> Reply:
    given = ((key[5:], environ[key]) for key in environ if key.startswith("HTTP_"))
    headers = {name.replace("_", "-").lower(): value for name, value in given}
    headers["content-length"] = environ.get("CONTENT_LENGTH") or ""
    return WEBHOOK.run(environ["REQUEST_METHOD"], headers, environ["wsgi.input"].read)
