"""A fast run reads and takes no less than it must."""

from types import ModuleType

import pytest

from tests.collecting import FAST, TESTS, first, is_passed_over, is_spreading, is_unread, share
from tests.sampled import LONG, SAMPLED


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_shares_are_all_modules_once(count: int) -> None:
    modules = [str(number) for number in range(100)]
    shares = [share(modules, number, count) for number in range(count)]
    assert [module for each in shares for module in each] == modules


def test_only_who_has_others_run_all_tests_spreads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    assert is_spreading(["-n", "2", "-m", FAST, "--dist", "worksteal"])
    assert not is_spreading(["-m", FAST]) and not is_spreading(["-n", "0"])
    assert not is_spreading(["-n", "2", "--collect-only"])
    assert not is_spreading(["-n", "2", str(TESTS)])
    assert not is_spreading(["-n", "2", f"{TESTS}/test_collecting.py::test_one"])
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    assert not is_spreading(["-n", "2"])


def test_only_a_fast_run_leaves_modules_unread() -> None:
    long = TESTS / f"{min(LONG)}.py"
    assert is_unread(long, FAST) and is_unread(TESTS / "e2e", FAST)
    assert not is_unread(TESTS / "test_collecting.py", FAST) and not is_unread(TESTS, FAST)
    assert not is_unread(long, "") and not is_unread(long, "long")


def test_every_name_in_the_lists_is_of_a_module() -> None:
    assert [each for each in sorted(SAMPLED | LONG) if not (TESTS / f"{each}.py").is_file()] == []


def test_of_a_sampled_module_a_fast_run_takes_the_first_that_is_not_long() -> None:
    @pytest.mark.long
    def test_long() -> None: ...

    def test_first() -> None: ...

    module = ModuleType("sampled")
    vars(module).update(made=1, test_long=test_long, test_first=test_first, TestMore=object)
    assert first(module) == "test_first"


def test_a_class_is_first_where_a_test_of_it_is() -> None:
    class TestEmpty:
        test_none = None

    class TestFull:
        def test_one(self) -> None: ...

    module = ModuleType("sampled")
    vars(module).update(TestEmpty=TestEmpty, TestFull=TestFull, test_later=print)
    assert first(module) == "TestFull"


def test_a_module_that_is_not_sampled_is_taken_whole(request: pytest.FixtureRequest) -> None:
    module = request.node.getparent(pytest.Module)
    assert not any(is_passed_over(module, called) for called in vars(module.obj))
