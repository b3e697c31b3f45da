"""What of the tests is read, and by which process: that takes as long as most of the tests."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from inspect import isclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.sampled import LONG, SAMPLED

TESTS = Path(__file__).resolve().parent
FAST = "not long"
ALONE = ("--co", "--fixtures")
"""Of such options pytest reads the tests in the process that was asked."""


def name(path: Path) -> str:
    """As `LONG` and `SAMPLED` name a module."""
    return path.relative_to(TESTS).with_suffix("").as_posix()


def is_unread(path: Path, markexpr: str) -> bool:
    """Whether nothing in it would run."""
    if markexpr != FAST or path == TESTS:
        return False
    return path.relative_to(TESTS).parts[0] == "e2e" or name(path) in LONG


def is_passed_over(collector: pytest.Collector, called: str) -> bool:
    """Whether it is a test, or a class of them, of which a fast run takes none, since another one
    of its module comes first."""
    if collector.config.option.markexpr != FAST or not isinstance(collector, pytest.Module):
        return False
    if name(collector.path) not in SAMPLED or not called.startswith(("test", "Test")):
        return False
    return called != first(collector.obj)


@cache
def first(module: ModuleType) -> str | None:
    return next((called for called, each in vars(module).items() if _is_fast(called, each)), None)


def _is_fast(called: str, each: Any) -> bool:
    if any(mark.name == "long" for mark in getattr(each, "pytestmark", ())):
        return False
    if isclass(each):
        inner = any(_is_fast(*pair) for pair in vars(each).items() if not isclass(pair[1]))
        return called.startswith("Test") and inner
    return called.startswith("test") and callable(each)


def is_spreading(arguments: Sequence[str]) -> bool:
    """Whether this process has others run all tests, and so needs nothing of what they need."""
    if "PYTEST_XDIST_WORKER" in os.environ or "-n" not in arguments:
        return False
    if "0" in arguments[arguments.index("-n") + 1 :][:1]:
        return False
    return not any(each.startswith(ALONE) or _is_place(each) for each in arguments)


def _is_place(argument: str) -> bool:
    return Path(argument.partition("::")[0]).exists()


def read_share(config: pytest.Config) -> None:
    """Of several processes that read all modules each begins with a share of its own, and finds the
    assertions of the others rewritten on the disk. What cannot be imported is told of later, when
    it is collected."""
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    asked = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    if count == 1 or asked or sys.dont_write_bytecode:
        return
    modules = [name(path) for path in sorted(TESTS.glob("**/test_*.py"))]
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    for each in share(modules, number, count):
        if not is_unread(TESTS / each, config.option.markexpr):
            with suppress(Exception, pytest.skip.Exception):
                import_module(f"tests.{each.replace('/', '.')}")


def share(modules: list[str], number: int, count: int) -> list[str]:
    start, end = (len(modules) * each // count for each in (number, number + 1))
    return modules[start:end]
