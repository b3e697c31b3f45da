"""How far each subscriber is, in the default database: it outlasts every process."""

from django.db import connections, router

from apps.runtime.outbox.models import Cursor
from apps.runtime.outbox.reading import Place


def place_of(name: str, subscriber: str) -> tuple[Place, int]:
    """In the outbox of that name, with how many it lost so far. Raises django.db.Error."""
    row = Cursor.objects.filter(place=name, subscriber=subscriber).first()
    return (Place(row.outbox, row.number), row.dropped) if row else (Place(), 0)


def acknowledge(name: str, subscriber: str, place: Place, dropped: int) -> None:
    """Before it the event comes again, after it never. Raises django.db.Error."""
    values = {"outbox": place.outbox, "number": place.number, "dropped": dropped}
    Cursor.objects.update_or_create(place=name, subscriber=subscriber, defaults=values)


def close() -> None:
    """Of the calling thread; the next use opens anew."""
    connections[router.db_for_write(Cursor)].close()
