"""Hostile text in messages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.limits import MESSAGE_CHARACTERS
from apps.extensions.messages import readable


@given(st.text())
@settings(deadline=None)
def test_a_message_is_one_printable_line_of_bounded_length(message: str) -> None:
    shown = readable(message)
    assert shown.isprintable()
    assert len(shown) <= 10 * MESSAGE_CHARACTERS
    assert shown == message[:MESSAGE_CHARACTERS] or not message.isprintable()


def test_control_characters_are_shown_as_escapes() -> None:
    assert readable("a\r\n\x1b[2J\u2028") == "a\\r\\n\\x1b[2J\\u2028"
