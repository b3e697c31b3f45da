"""How many requests a client may make now, below each prefix that the settings name."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil
from urllib.parse import unquote

from apps.delivery.ingress.bounds import ADDRESSES
from apps.delivery.ingress.quotas import Quota
from apps.delivery.ingress.tallies import Slot, Tallies
from apps.runtime.rates import RateLimitItemPerSecond

NAMESPACE = "whispercms"


class Allowances:
    """Every quota whose prefix fits is asked, the narrowest first; a request that one refuses does
    not count for those after it."""

    def __init__(self, quotas: Sequence[Quota], tallies: Tallies) -> None:
        self._tallies = tallies
        narrow = sorted(quotas, key=lambda quota: -len(quota.prefix))
        self._quotas = tuple(_counted(each) for each in narrow)

    def wait(self, path: str, client: str) -> int:
        """Counts one; else the whole seconds after which there is room again. `path` may be
        percent-encoded: `/%61` is `/a`."""
        if "%" in path:
            path = unquote(path, "latin-1")
        admits = self._tallies.admits
        for prefix, amount, slot in self._quotas:
            if path.startswith(prefix) and not admits(slot(client), amount):
                key, seconds = slot(client)
                return _wait(amount, seconds, self._tallies.get_sliding_window(key, seconds))
        return 0


def _counted(quota: Quota) -> tuple[str, int, Callable[[str], Slot]]:
    """The decoded prefix, how many, and where a client is counted."""
    prefix = unquote(quota.prefix, "latin-1")
    item = RateLimitItemPerSecond(quota.amount, quota.seconds, NAMESPACE)

    @lru_cache(ADDRESSES)
    def slot(client: str) -> Slot:
        return item.key_for(prefix, client), item.get_expiry()

    return prefix, item.amount, slot


def _wait(amount: int, seconds: int, windows: tuple[int, float, int, float]) -> int:
    """Until what came before weighs so little that one more fits."""
    before, left, current, _ = windows
    room = amount - 1 - current
    if room >= 0 and before:
        return max(1, ceil(left - seconds * room / before))
    # This window weighs less and less in the next one.
    share = max(0.0, (amount - 1) / current) if current else 1.0
    return max(1, ceil(left + seconds * (1 - min(share, 1.0))))
