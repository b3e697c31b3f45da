from collections.abc import Iterator

import pytest

from tests.delivery.unhurried import unhurried


@pytest.fixture(scope="module", autouse=True)
def patient() -> Iterator[None]:
    """No deadline is what these tests are about, and one that passes makes another page."""
    with unhurried():
        yield
