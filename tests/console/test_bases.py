"""The version that a form was made from comes back as it was, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.console.bases import ForgedBase, opened, sealed

COMMIT = "ab" * 20


def test_what_was_sealed_is_opened() -> None:
    assert opened(sealed(COMMIT, 'Document::"a"'), 'Document::"a"') == COMMIT


def test_it_fits_nothing_but_what_it_was_made_for() -> None:
    with pytest.raises(ForgedBase):
        opened(sealed(COMMIT, 'Document::"a"'), 'Document::"b"')


@given(st.text(max_size=200))
def test_no_other_text_is_opened(text: str) -> None:
    with pytest.raises(ForgedBase):
        opened(text, "a")
