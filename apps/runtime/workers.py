"""Confined workers for the rest of the product: `Workers` owns the zygote and makes the pools."""

import os
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path

import structlog

from apps.runtime import proof
from apps.runtime.counts import Counts
from apps.runtime.faults import SandboxMissing, WorkerFault
from apps.runtime.limits import REST_SECONDS, Limits, WorkerSpec
from apps.runtime.pool import WorkerPool
from apps.runtime.together import call_together
from apps.runtime.zygote_client import PROJECT, Zygote
from apps.runtime.zygote_process import Nursery

__all__ = [
    "PROJECT",
    "Limits",
    "Nursery",
    "WorkerFault",
    "WorkerPool",
    "WorkerSpec",
    "Workers",
    "call_together",
]


log = structlog.get_logger("whispercms.sandbox")


class Workers:
    """Thread-safe. After os.fork the child's copy starts a zygote of its own on first use."""

    def __init__(
        self,
        root: Path = PROJECT,
        *,
        required: bool = True,
        proved: Mapping[str, str] | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        """`root` is the folder from which entry modules are imported, in the nursery as well.

        `required` says whether hostile code may run only where every needed layer holds; `proved`
        what the same start has found of them.
        """
        self._zygote = Zygote(root, nursery)
        self._required = required
        self._warned = False
        self._lock = threading.Lock()
        self._pools: weakref.WeakSet[WorkerPool] = weakref.WeakSet()
        self._confinement = proved
        self._rest_at = 0.0
        _ALL.add(self)

    def start(self) -> None:
        """Optional: the first worker starts the zygote as well. Raises WorkerUnavailable."""
        self._zygote.start()

    def alive(self) -> bool:
        """Whether there is a zygote that workers can be forked from at once."""
        return self._zygote.alive()

    def rest(self, now: float) -> None:
        """Gives back what nobody has used for REST_SECONDS; to be called more often."""
        if now < self._rest_at:
            return
        self._rest_at = now + REST_SECONDS
        with self._lock:
            pools = list(self._pools)
        for pool in pools:
            pool.rest()

    def stop(self) -> None:
        """Closes all pools; every worker and the zygote end."""
        with self._lock:
            pools = list(self._pools)
        for pool in pools:
            pool.close()
        self._zygote.stop()

    def pool(self, spec: WorkerSpec) -> WorkerPool:
        """Costs nothing until it is warmed or called; close it when it is no longer wanted."""
        pool = WorkerPool(self._zygote, spec)
        with self._lock:
            self._pools.add(pool)
        return pool

    def counts(self) -> Mapping[str, Counts]:
        """By name of a pool, of those that there are now."""
        with self._lock:
            pools = list(self._pools)
        found: dict[str, Counts] = {}
        for pool in pools:
            counts, name = pool.counts(), pool.spec.name
            found[name] = found[name] + counts if name in found else counts
        return found

    def insist(self) -> None:
        """Before hostile code runs. Raises SandboxMissing; where that is not required, warns."""
        missing = proof.needed_but_missing(self.confinement())
        if missing and self._required:  # Not by one bad moment: they are tried again.
            missing = proof.needed_but_missing(self.confinement(afresh=True))
        if missing and self._required:
            raise SandboxMissing(missing)
        if missing and not self._warned:
            self._warned = True
            log.warning("the sandbox is incomplete", missing=missing, remedy=SandboxMissing.remedy)

    def confinement(self, *, afresh: bool = False) -> Mapping[str, str]:
        """Layer -> "proved" or "missing: reason", each tried in a throw-away worker, once."""
        with self._lock:
            if afresh or self._confinement is None:
                self._confinement = proof.prove_all(self._zygote)
            return self._confinement

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._zygote.forget()
        for pool in self._pools:
            pool.forget()


_ALL: weakref.WeakSet[Workers] = weakref.WeakSet()


def _forget_the_parents() -> None:
    for workers in list(_ALL):
        workers._forget()


os.register_at_fork(after_in_child=_forget_the_parents)
