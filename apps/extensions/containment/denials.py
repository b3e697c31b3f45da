"""Calls that were denied, on their way to the audit: one entry for each kind and minute."""

import threading
from dataclasses import dataclass, replace

from apps.extensions import limits
from apps.extensions.messages import readable

MINUTE = 60
MORE = "more"
"""Stands for all kinds that are not told one by one."""


@dataclass(frozen=True, slots=True)
class Denial:
    """`times` calls within a minute; `at` and `request_id` are of the first of them."""

    key: str
    call: str
    capability: str
    at: float
    request_id: str
    times: int = 1

    @property
    def kind(self) -> tuple[str, str, str, int]:
        return self.key, self.call, self.capability, int(self.at // MINUTE)


class Denials:
    """Thread-safe and bounded: what finds no room is counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str, str, int], Denial] = {}
        self._dropped = 0

    def add(self, denial: Denial) -> None:
        denial = replace(denial, call=readable(denial.call), capability=readable(denial.capability))
        with self._lock:
            if denial.kind not in self._waiting and self._has_many(denial):
                denial = replace(denial, call=MORE, capability=MORE)
            known = self._waiting.get(denial.kind)
            if known is not None:
                self._waiting[denial.kind] = replace(known, times=known.times + 1)
            elif len(self._waiting) < limits.DENIALS:
                self._waiting[denial.kind] = denial
            else:
                self._dropped += denial.times

    def take(self, before: float) -> tuple[list[Denial], int]:
        """Those of minutes that ended before, and how many calls found no room."""
        with self._lock:
            taken = [d for d in self._waiting.values() if d.kind[3] < int(before // MINUTE)]
            for denial in taken:
                del self._waiting[denial.kind]
            dropped, self._dropped = self._dropped, 0
        return taken, dropped

    def _has_many(self, denial: Denial) -> bool:
        same = (d for d in self._waiting.values() if d.key == denial.key)
        return sum(d.kind[3] == denial.kind[3] for d in same) >= limits.DENIALS_EACH

    def put_back(self, taken: list[Denial], dropped: int) -> None:
        """They could not be written."""
        with self._lock:
            self._dropped += dropped
            for denial in taken:
                if len(self._waiting) < limits.DENIALS:
                    self._waiting[denial.kind] = denial
                else:
                    self._dropped += denial.times
