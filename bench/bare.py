"""A bare Django project in one file, which the site is held against: one view, no middleware.

Only ever imported by the server that runs it; the size of its page is in the environment.
"""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

BODY = b"x" * int(os.environ.get("BENCH_BODY_BYTES", "10000"))

settings.configure(
    ALLOWED_HOSTS=["*"],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret: nothing is signed here",
)


def view(request: HttpRequest) -> HttpResponse:
    """The length is given as the site gives it; without middleware Django would not."""
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


urlpatterns = [re_path("", view)]
wsgi = get_wsgi_application()
asgi = get_asgi_application()
