import sys

import pytest

from apps.runtime.unseen import unseen


def test_what_is_unseen_is_missing_for_a_while_and_there_afterwards() -> None:
    sys.modules.pop("this", None)
    with unseen("this", "json"), pytest.raises(ImportError):
        import this  # noqa: F401
    assert "this" not in sys.modules
    assert sys.modules["json"].loads("1") == 1


def test_it_is_there_again_after_an_error_as_well() -> None:
    with pytest.raises(KeyError), unseen("antigravity"):
        raise KeyError
    assert "antigravity" not in sys.modules
