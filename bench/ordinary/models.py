"""What the ordinary project keeps: the same columns that the site's pages are made of."""

from typing import ClassVar
from urllib.parse import quote

from django.db import models

URL_SAFE = "/~!$&'()*+,;=:@"
UNWEIGHTED = 2**31 - 1
"""The weight of a document whose author gives it none: it stands after those that have one."""


class Document(models.Model):
    source = models.TextField(primary_key=True)
    url = models.TextField()
    kind = models.TextField()
    section = models.TextField()
    title = models.TextField()
    description = models.TextField()
    date = models.TextField()
    updated = models.TextField()
    authors = models.JSONField()
    noindex = models.BooleanField()
    weight = models.BigIntegerField()
    sticky = models.SmallIntegerField()
    shown_from = models.TextField()
    shown_until = models.TextField()
    body = models.TextField()
    links = models.JSONField()

    objects: ClassVar[models.Manager["Document"]] = models.Manager()

    class Meta:
        db_table = "document"
        indexes = (
            models.Index(fields=["url"], name="document_url"),
            models.Index(
                fields=["section", "kind", "-sticky", "weight", "-date", "source"],
                name="document_section",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return quote(self.url, safe=URL_SAFE)


class Term(models.Model):
    document = models.ForeignKey(Document, models.CASCADE, related_name="terms", db_column="source")
    taxonomy = models.TextField()
    slug = models.TextField()
    name = models.TextField()

    objects: ClassVar[models.Manager["Term"]] = models.Manager()

    class Meta:
        db_table = "term"
        ordering = ("id",)
        indexes = (models.Index(fields=["taxonomy", "slug"], name="term_slug"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return quote(f"/{self.taxonomy}/{self.slug}/", safe=URL_SAFE)


class Target(models.Model):
    """What a link may lead to."""

    source = models.TextField(primary_key=True)
    url = models.TextField()
    shown_from = models.TextField()
    shown_until = models.TextField()

    objects: ClassVar[models.Manager["Target"]] = models.Manager()

    class Meta:
        db_table = "target"

    def __str__(self) -> str:
        return self.url
