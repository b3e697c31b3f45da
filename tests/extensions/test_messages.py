"""Hostile text in messages."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.limits import MESSAGE_CHARACTERS
from apps.extensions.messages import OBEYED, legible, readable


@given(st.text())
@settings(deadline=None)
def test_a_message_is_one_printable_line_of_bounded_length(message: str) -> None:
    shown = readable(message)
    assert shown.isprintable()
    assert len(shown) <= 10 * MESSAGE_CHARACTERS
    assert shown == message[:MESSAGE_CHARACTERS] or not message.isprintable()


def test_control_characters_are_shown_as_escapes() -> None:
    assert readable("a\r\n\x1b[2J\u2028") == "a\\r\\n\\x1b[2J\\u2028"


def test_a_text_of_many_lines_keeps_them_and_whatever_people_write() -> None:
    kept = "Grüße\tan\nalle\u00a0\U0001f469\u200d\U0001f680 \u05d0\n"
    assert legible(kept) == kept
    assert legible("\x1b[2J \x9b1m \r \u202egnp\u2069 \udc80") == (
        r"\u001b[2J \u009b1m \u000d \u202egnp\u2069 \udc80"
    )


@given(st.text())
def test_what_is_json_stays_the_same_value(text: str) -> None:
    assert json.loads(legible(json.dumps(text, ensure_ascii=False))) == text
    assert OBEYED.search(legible(text)) is None
