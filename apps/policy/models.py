"""The audit: who did or tried what, kept in the default database. Rows are only ever added."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class AppendOnly(Exception):
    """Somebody tried to change or remove what is on record."""

    def __init__(self) -> None:
        super().__init__("the audit can be added to, but not be changed")


class AuditRows(models.QuerySet["AuditEvent"]):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnly


class AuditEvent(models.Model):
    """One decision, or `times` equal ones of a minute. Never holds a secret or a body."""

    at = models.DateTimeField(default=timezone.now)
    node = models.CharField(max_length=200)
    site = models.CharField(max_length=64)
    principal = models.CharField(max_length=300)
    action = models.CharField(max_length=100)
    resource = models.CharField(max_length=300)
    decision = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    times = models.PositiveIntegerField(default=1)

    objects = AuditRows.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["site", "-id"], name="audit_latest"),)

    def __str__(self) -> str:
        return f"{self.principal} {self.action} {self.resource}: {self.decision}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly
