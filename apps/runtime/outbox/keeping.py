"""Writes an event into the transaction of what it tells of: both are there afterwards, or neither.

The oldest go when there are too many: whoever had not taken them finds the gap and counts it.
"""

import json
import sqlite3
import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from django.db import router, transaction

from apps.runtime.limits import KEPT_EVENT_SECONDS, KEPT_EVENTS
from apps.runtime.outbox.models import KeptEvent
from apps.runtime.subscriptions import caused

INSERT: Final = (
    "INSERT INTO event (topic, payload, chain, at, outbox) VALUES (?, ?, ?, ?,"
    " coalesce((SELECT outbox FROM event ORDER BY id DESC LIMIT 1), ?))"
)
TOO_MANY: Final = "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?"
TOO_OLD: Final = "DELETE FROM event WHERE at < ? AND id < (SELECT max(id) FROM event)"


class NoTransaction(RuntimeError):
    """An event was to be kept without what it tells of."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"{topic} is kept outside of a transaction; open one around both")


def keep(
    connection: sqlite3.Connection, topic: str, payload: Mapping[str, Any], now: float
) -> None:
    """In a database of one's own. Raises NoTransaction, sqlite3.Error, TopicError, EventError, and
    EmissionRefused for what would not end."""
    if not connection.in_transaction:
        raise NoTransaction(topic)
    event = caused(topic, payload)
    texts = (topic, json.dumps(payload, sort_keys=True), json.dumps(event.chain))
    connection.execute(INSERT, (*texts, now, uuid4().hex))
    connection.execute(TOO_MANY, (KEPT_EVENTS,))
    connection.execute(TOO_OLD, (now - KEPT_EVENT_SECONDS,))


def keep_by_default(topic: str, payload: Mapping[str, Any]) -> None:
    """In the default database, as `keep` does."""
    connection = transaction.get_connection(router.db_for_write(KeptEvent))
    connection.ensure_connection()
    keep(connection.connection, topic, payload, time.time())
