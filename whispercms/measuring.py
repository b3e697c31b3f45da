"""The way to `/metrics`. Where it is switched off, nothing of it is even loaded."""

from typing import TYPE_CHECKING, Final

from django.conf import settings

from apps.runtime.components import Component
from apps.runtime.context import Context
from whispercms.web_settings import METRICS_OFF as OFF

if TYPE_CHECKING:
    from whispercms.metrics.metrics import Metrics

PATH: Final = "/metrics"


def components() -> tuple[Component, ...]:
    if settings.INSTANCE.web.metrics == OFF:
        return ()
    from whispercms.metrics.component import component

    return (component(),)


def metrics(context: Context) -> "Metrics | None":
    if settings.INSTANCE.web.metrics == OFF:
        return None
    from whispercms.metrics.metrics import Metrics

    return context.get(Metrics)
