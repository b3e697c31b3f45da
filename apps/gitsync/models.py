"""The record of sync runs, kept in the default database. Fields only."""

from django.db import models


class SyncRun(models.Model):
    """One attempt of a node to bring an environment of a site to a commit; `pinned` is the release
    of a rollback that held it there."""

    node = models.CharField(max_length=200)
    site = models.CharField(max_length=64)
    environment = models.CharField(max_length=32, blank=True, default="")
    pinned = models.CharField(max_length=80, blank=True, default="")
    started = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20)
    branch = models.CharField(max_length=200)
    old = models.CharField(max_length=64, blank=True)
    new = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["site", "node", "environment", "-id"], name="sync_run_newest"),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.new[:10]}"
