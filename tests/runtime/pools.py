"""What the fixture `make_pool` gives."""

from typing import Any, Protocol

from apps.runtime.workers import WorkerPool


class MakePool(Protocol):
    def __call__(
        self,
        entry: str = ...,
        *,
        setup: Any = ...,
        size: int = ...,
        keeps: int = ...,
        **limits: Any,
    ) -> WorkerPool: ...
