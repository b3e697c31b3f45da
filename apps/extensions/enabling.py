"""A person ends a quarantine or an open breaker, in the console or by command."""

from collections.abc import Mapping

from apps.extensions.containment.breaker import CLOSED_STATE
from apps.extensions.containment.containment import Status, status_of
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.inventory import covers


def shut_of(store: DatabaseStore) -> dict[str, Status]:
    """What is open or quarantined in the shared state, by key."""
    found = {key: status_of(breaker) for key, breaker in sorted(store.read().items())}
    return {key: status for key, status in found.items() if status.state != CLOSED_STATE}


def enable_all(store: DatabaseStore, name: str, *, by: str, dry_run: bool) -> Mapping[str, Status]:
    """What `name` covers and was shut, as it was; empty when there is nothing to do."""
    found = {key: each for key, each in shut_of(store).items() if covers(name, key)}
    for key in () if dry_run else found:
        store.enable(key, by)
    return found
