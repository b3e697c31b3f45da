"""Events that must not be lost, and how far each subscriber has taken them. Fields only.

Every database that has facts to tell has a table `event` of this shape.
"""

from django.db import models


class EventRow(models.Model):
    """`payload` and `chain` are JSON, `at` seconds since 1970. `outbox` is the same for all rows of
    one table, and another one when the table is made anew."""

    topic = models.TextField()
    payload = models.TextField()
    chain = models.TextField()
    at = models.FloatField()
    outbox = models.TextField()

    class Meta:
        abstract = True
        db_table = "event"

    def __str__(self) -> str:
        return f"{self.topic} {self.payload}"


class KeptEvent(EventRow):
    """Written with what it tells of in the default database."""


class Cursor(models.Model):
    """One subscriber has taken all events of an outbox up to this number; `dropped` went before it
    could."""

    place = models.TextField()
    subscriber = models.TextField()
    outbox = models.TextField()
    number = models.BigIntegerField()
    dropped = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["place", "subscriber"], name="outbox_cursor"),
        )

    def __str__(self) -> str:
        return f"{self.subscriber} at {self.number} of {self.place}"
