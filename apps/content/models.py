"""The index as tables: disposable rows made from one commit, written only by `index_writer`.

Django does not manage these tables: `schema` makes them afresh whenever their shape changes.
The console reads them through the read-only connection `index`.
"""

from django.db import models
from django.db.models.functions import Lower

from apps.runtime.outbox.models import EventRow

DATED = models.Q(shown_from__gt="") & models.Q(shown_from__lt="~")
"""Rows that a moment shows. As a condition of the index it keeps SQLite from taking the index for
anything but the question for the next such moment."""
ENDING = models.Q(shown_until__gt="") & models.Q(shown_until__lt="~")
SHOWN = "shown_from", "shown_until"


class IndexRow(models.Model):
    """A row of the index. `source` is the path in the repository."""

    database = "index"

    class Meta:
        abstract = True
        managed = False


class Document(IndexRow):
    source = models.TextField(unique=True)
    blob = models.TextField()
    markup = models.TextField()
    url = models.TextField()
    kind = models.TextField()
    section = models.TextField()
    title = models.TextField()
    description = models.TextField()
    date = models.TextField()
    updated = models.TextField()
    date_from = models.TextField()
    visibility = models.TextField()
    authors = models.TextField()
    front = models.TextField()
    type = models.TextField()
    weight = models.BigIntegerField()
    sticky = models.SmallIntegerField()
    publish = models.TextField()
    expires = models.TextField()
    shown_from = models.TextField()
    shown_until = models.TextField()

    class Meta(IndexRow.Meta):
        db_table = "document"
        indexes = (
            models.Index(fields=["url", "source"], name="document_url"),
            models.Index(Lower("url"), name="document_lower_url"),
            models.Index(
                fields=["source"], condition=models.Q(date_from="git"), name="document_dated_by_git"
            ),
            models.Index(
                fields=["section", "kind", "-date", "source", *SHOWN], name="document_section"
            ),
            models.Index(
                fields=["section", "kind", "-sticky", "weight", "-date", "source", *SHOWN],
                name="document_weight",
            ),
            models.Index(fields=["kind", "-date", "source", *SHOWN], name="document_kind"),
            models.Index(
                fields=["kind", "-sticky", "-date", "source", *SHOWN], name="document_sticky"
            ),
            models.Index(fields=["id", "kind", "-date", "source", *SHOWN], name="document_found"),
            models.Index(fields=["shown_from"], condition=DATED, name="document_shown_from"),
            models.Index(fields=["shown_until"], condition=ENDING, name="document_shown_until"),
        )

    def __str__(self) -> str:
        return self.title


class MenuItem(IndexRow):
    source = models.TextField()
    menu = models.TextField()
    name = models.TextField()
    title = models.TextField()
    parent = models.TextField()
    weight = models.BigIntegerField()

    class Meta(IndexRow.Meta):
        db_table = "menu_item"
        indexes = (models.Index(fields=["source"], name="menu_item_source"),)

    def __str__(self) -> str:
        return f"{self.menu}: {self.title}"


class Alias(IndexRow):
    """`target` is empty where it leads to the document of `source`."""

    source = models.TextField()
    url = models.TextField()
    target = models.TextField()
    line = models.IntegerField()

    class Meta(IndexRow.Meta):
        db_table = "alias"
        indexes = (
            models.Index(fields=["source"], name="alias_source"),
            models.Index(fields=["url"], name="alias_url"),
        )
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return self.url


class Term(IndexRow):
    source = models.TextField()
    taxonomy = models.TextField()
    slug = models.TextField()
    name = models.TextField()

    class Meta(IndexRow.Meta):
        db_table = "term"
        indexes = (
            models.Index(fields=["source"], name="term_source"),
            models.Index(fields=["taxonomy", "slug", "source"], name="term_slug"),
        )

    def __str__(self) -> str:
        return f"{self.taxonomy}: {self.name}"


class Field(IndexRow):
    """A value of a document's front matter by which lists can be filtered; found from `front`.
    `value` is a number, a text, bytes or nothing: SQLite takes any into a column of bytes."""

    document = models.BigIntegerField()
    name = models.TextField()
    shape = models.SmallIntegerField()
    value = models.BinaryField(null=True)

    class Meta(IndexRow.Meta):
        db_table = "field"
        indexes = (
            models.Index(fields=["document", "name"], name="field_document"),
            models.Index(fields=["name", "value", "shape", "document"], name="field_value"),
        )

    def __str__(self) -> str:
        return self.name


class Asset(IndexRow):
    source = models.TextField(unique=True)
    blob = models.TextField()
    url = models.TextField()
    size = models.BigIntegerField()
    shown_from = models.TextField()
    type = models.TextField()
    width = models.IntegerField()
    height = models.IntegerField()
    nature = models.TextField()

    class Meta(IndexRow.Meta):
        db_table = "asset"
        indexes = (
            models.Index(fields=["url", "source"], name="asset_url"),
            models.Index(fields=["blob", "source"], name="asset_blob"),
            models.Index(Lower("url"), name="asset_lower_url"),
            models.Index(fields=["shown_from"], condition=DATED, name="asset_shown_from"),
        )

    def __str__(self) -> str:
        return self.source


class KeptFile(IndexRow):
    source = models.TextField(unique=True)
    blob = models.TextField()
    content = models.BinaryField()

    class Meta(IndexRow.Meta):
        db_table = "kept_file"

    def __str__(self) -> str:
        return self.source


class Original(IndexRow):
    source = models.TextField(unique=True)
    blob = models.TextField()
    content = models.BinaryField()

    class Meta(IndexRow.Meta):
        db_table = "original"

    def __str__(self) -> str:
        return self.source


class Problem(IndexRow):
    path = models.TextField()
    line = models.IntegerField()
    code = models.TextField()
    reason = models.TextField()

    class Meta(IndexRow.Meta):
        db_table = "problem"
        indexes = (models.Index(fields=["path"], name="problem_path"),)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Clash(IndexRow):
    """A file whose URL another one has, or a redirect on a circle; found from several rows."""

    claimed = models.TextField()
    url = models.TextField()
    path = models.TextField()
    line = models.IntegerField()
    code = models.TextField()
    reason = models.TextField()

    class Meta(IndexRow.Meta):
        db_table = "clash"
        indexes = (models.Index(fields=["claimed", "url"], name="clash_url"),)
        verbose_name_plural = "clashes"

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Pointer(IndexRow):
    """The one row that says which commit the index is of."""

    commit_id = models.TextField()
    branch = models.TextField()
    configuration = models.TextField()
    names = models.TextField()
    renderer = models.TextField()
    digest = models.TextField()
    basis = models.TextField()
    committed = models.BigIntegerField()
    others = models.TextField()

    class Meta(IndexRow.Meta):
        db_table = "pointer"

    def __str__(self) -> str:
        return self.commit_id


class Event(EventRow, IndexRow):
    """Facts that must not be lost, written with the commit they tell of: an outbox."""

    class Meta(IndexRow.Meta):
        db_table = "event"


ALL: tuple[type[IndexRow], ...] = (
    Document,
    MenuItem,
    Alias,
    Term,
    Field,
    Asset,
    KeptFile,
    Original,
    Problem,
    Clash,
    Pointer,
    Event,
)
