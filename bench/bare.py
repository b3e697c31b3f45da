"""A bare Django project in one file, which the site is held against: one view, no middleware.

Only ever imported by the server that runs it; the file of its page is named in the environment.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

GIVEN = json.loads(Path(os.environ["BENCH_REPLY"]).read_text())
BODY, HEADERS = GIVEN["body"].encode("latin-1"), dict(GIVEN["headers"])

settings.configure(
    ALLOWED_HOSTS=["*"],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret: nothing is signed here",
)


def view(request: HttpRequest) -> HttpResponse:
    """The headers are given as the site gives them; without middleware Django would give fewer."""
    return HttpResponse(BODY, headers=HEADERS)


urlpatterns = [re_path("", view)]
wsgi = get_wsgi_application()
asgi = get_asgi_application()
