"""What somebody is shown who has tried too often."""

from datetime import UTC, datetime
from math import ceil
from time import time
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

MINUTE = 60


def wait(request: HttpRequest, context: dict[str, Any], until: float) -> TemplateResponse:
    """`until` in seconds since 1970. Also what is right is not looked at before."""
    seconds = max(1, ceil(until - time()))
    answer = TemplateResponse(
        request,
        "console/wait.html",
        {
            **context,
            "title": "Too many attempts",
            "minutes": ceil(seconds / MINUTE),
            "until": datetime.fromtimestamp(until, UTC),
        },
        status=429,
    )
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer
