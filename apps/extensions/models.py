"""The state of breakers, kept in the default database, so that all processes and later starts
agree. Fields only.
"""

from django.db import models


class ExtensionState(models.Model):
    """One extension's breaker on one site. Moments are seconds since 1970."""

    site = models.CharField(max_length=64)
    key = models.TextField()
    state = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    failures = models.JSONField(default=list)
    openings = models.PositiveIntegerField(default=0)
    retry_at = models.FloatField(default=0.0)
    trial_until = models.FloatField(default=0.0)
    closed_at = models.FloatField(default=0.0)
    changed_at = models.DateTimeField(auto_now=True)
    enabled_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("site", "key")
        constraints = (
            models.UniqueConstraint(fields=["site", "key"], name="extension_state_of_site"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.state}"
