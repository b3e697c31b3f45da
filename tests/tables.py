"""Many small cases as one test: to report a test takes longer than most cases take."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

import pytest

Test = Callable[..., None]
SHOWN = 500
FAILURES = (Exception, pytest.fail.Exception)


def each_of(names: str | Sequence[str], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, in one test. Every case is tried, and those that fail are
    named. What a fixture gives is the same for all of them."""
    known = [names] if isinstance(names, str) else list(names)
    rows = [(case,) if isinstance(names, str) else tuple(case) for case in cases]
    assert rows, "a table without cases"

    def with_cases(test: Test) -> Test:
        @wraps(test)
        def tried(**fixtures: Any) -> None:
            cases = [dict(zip(known, row, strict=True)) for row in rows]
            failed = [each for case in cases if (each := _failure(test, fixtures, case))]
            if failed:
                raise failed[0] if len(failed) == 1 else BaseExceptionGroup("cases", failed)

        own = inspect.signature(test).parameters.values()
        left = [each for each in own if each.name not in known]
        tried.__signature__ = inspect.Signature(left)  # type: ignore[attr-defined]
        return tried

    return with_cases


def _failure(test: Test, fixtures: dict[str, Any], case: dict[str, Any]) -> BaseException | None:
    try:
        test(**fixtures, **case)
    except FAILURES as failure:
        said = ", ".join(f"{name}={value!r:.{SHOWN}}" for name, value in case.items())
        failure.add_note(f"The case: {said}")
        return failure
    return None
