"""The record of sync runs, kept in the default database. Fields only."""

from django.db import models


class SyncRun(models.Model):
    """One attempt of a node to bring a site to a commit."""

    node = models.CharField(max_length=200)
    site = models.CharField(max_length=64)
    started = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20)
    branch = models.CharField(max_length=200)
    old = models.CharField(max_length=64, blank=True)
    new = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["site", "node", "-id"], name="sync_run_latest"),)

    def __str__(self) -> str:
        return f"{self.state} {self.new[:10]}"
