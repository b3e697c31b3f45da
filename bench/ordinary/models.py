"""What the ordinary project keeps: the same columns that the site's pages are made of."""

from typing import ClassVar

from django.db import models


class Document(models.Model):
    source = models.TextField(primary_key=True)
    url = models.TextField(db_index=True)
    kind = models.TextField()
    section = models.TextField()
    title = models.TextField()
    description = models.TextField()
    date = models.TextField()
    updated = models.TextField()
    authors = models.TextField()
    front = models.TextField()
    shown_from = models.TextField()
    body = models.TextField()
    links = models.TextField()

    objects: ClassVar[models.Manager["Document"]] = models.Manager()

    class Meta:
        db_table = "document"

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    document = models.ForeignKey(Document, models.CASCADE, related_name="terms", db_column="source")
    taxonomy = models.TextField()
    slug = models.TextField()
    name = models.TextField()

    objects: ClassVar[models.Manager["Term"]] = models.Manager()

    class Meta:
        db_table = "term"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """What a link may lead to."""

    source = models.TextField(primary_key=True)
    url = models.TextField()
    shown_from = models.TextField()

    objects: ClassVar[models.Manager["Target"]] = models.Manager()

    class Meta:
        db_table = "target"

    def __str__(self) -> str:
        return self.url
