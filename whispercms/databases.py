"""Which database a model lives in: by model, not by app."""

from typing import Any


class Router:
    """Models of the index say so themselves; the task queue is this node's own."""

    def db_for_read(self, model: Any, **hints: object) -> str:
        if model._meta.app_label == "django_q":
            return "queue"
        return getattr(model, "database", "default")

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == ("queue" if app_label == "django_q" else "default")
