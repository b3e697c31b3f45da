"""The log of the console's requests, without what would open a page to whoever reads it."""

import re
from typing import Final

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

SECRET: Final = re.compile(r"(/-/preview/)[^/]+")
"""The address of a preview is all that it takes to see it."""


class RequestLog(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return SECRET.sub(r"\1…", f"{request.method} {request.get_full_path()}")
