"""What came of long work, for whoever asked for it, until enough other work was done.

Kept in memory: what it did to the site is in Git, and the pages tell of that without it.
"""

import threading
from collections import OrderedDict
from secrets import token_urlsafe

from apps.console.publishing.bounds import OUTCOMES

_kept: "OrderedDict[str, tuple[str, object]]" = OrderedDict()
_lock = threading.Lock()


def keep(owner: str, outcome: object) -> str:
    """The name to find it by."""
    name = token_urlsafe(12)
    with _lock:
        _kept[name] = owner, outcome
        while len(_kept) > OUTCOMES:
            _kept.popitem(last=False)
    return name


def find(owner: str, name: str) -> object | None:
    """Only for whom it was kept."""
    whose, outcome = _kept.get(name, ("", None))
    return outcome if whose == owner else None
