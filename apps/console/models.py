"""Accounts as the console knows them, and the attempts to log in that count at the moment."""

from typing import Any

from django.contrib import auth
from django.contrib.auth.models import User
from django.db import models


class Account(User):
    """A person's account. What it may do is asked of the backends, whatever Django's own flags and
    tables say: the superuser's flag opens nothing."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "person"
        verbose_name_plural = "people"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return any(each.has_perm(self, perm, obj) for each in auth.get_backends())

    def has_module_perms(self, app_label: str) -> bool:
        found = (getattr(each, "has_module_perms", None) for each in auth.get_backends())
        return any(asked(self, app_label) for asked in found if asked)


class Attempt(models.Model):
    """`key` is a digest of what is limited; `at` are seconds since 1970."""

    key = models.CharField(max_length=64)
    at = models.FloatField()

    objects: "models.Manager[Attempt]" = models.Manager()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["key", "at"], name="attempt_window"),)

    def __str__(self) -> str:
        return f"{self.key[:12]} at {self.at:.0f}"
