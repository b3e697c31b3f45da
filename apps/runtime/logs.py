"""Structured logs: one JSON object a line, or coloured text for a person at a terminal."""

import logging.config
import sys
from typing import Any, Final

_UNUSED: Final = {name: None for name in ("rich", "twisted") if name not in sys.modules}
"""What structlog would load if it found it, a quarter of all that a start loads: seen as missing
while structlog is imported, which therefore has to happen here first."""

sys.modules.update(_UNUSED)  # type: ignore[arg-type]

import structlog

for _name in _UNUSED:
    del sys.modules[_name]

QUIET = ("daphne", "django.channels", "asyncio", "git", "django-q")


def configure_logs(*, readable: bool) -> None:
    """One form for our own events and those of the libraries."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        "foreign_pre_chain": shared,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {name: {"level": "WARNING"} for name in QUIET},
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
