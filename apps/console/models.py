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


class PreviewLink(models.Model):
    """A link by which somebody without an account sees one document as it was at `commit`. `name`
    is a digest of what the link says; moments are in seconds since 1970, `withdrawn` 0: never."""

    name = models.CharField(max_length=64, unique=True)
    site = models.CharField(max_length=12)
    path = models.CharField(max_length=1024)
    commit = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    made = models.FloatField()
    expires = models.FloatField()
    withdrawn = models.FloatField(default=0.0)

    objects: "models.Manager[PreviewLink]" = models.Manager()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["site", "path"], name="preview_link_document"),)

    def __str__(self) -> str:
        return f"{self.path} for whoever has the link, by {self.by}"
