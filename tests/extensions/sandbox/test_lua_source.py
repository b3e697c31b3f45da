"""What a plugin's text may not say, and where it is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.limits import SOURCE_BYTES
from apps.extensions.sandbox.lua_source import SourceError, check_source
from tests.extensions.stage import Stage, checked, said


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("local x = 1\nlocal y = = 2", 2, "unexpected symbol near '='"),
        ("\n\nprint('x')", 3, "variable 'print' not declared"),
        ("\ncounter = 1", 2, "variable 'counter' not declared"),
        ("function f() end", 1, "variable 'f' not declared"),
        ("type = 1", 1, "attempt to assign to const variable 'type'"),
        ("--[[ x\n]] local e = _ENV", 2, "the word '_ENV' is not offered"),
        ("global x", 1, "the word 'global' is not offered"),
        ("local s = [[\n", 1, "unfinished string or comment"),
        ("\non('no.such', function() end)", 2, "on(): there is no such event"),
        ("on('content.resolved', 1)", 1, "bad argument #2 to 'on' (function expected, got number)"),
        ("on('system.synced')", 1, "bad argument #2 to 'on' (function expected, got no value)"),
        ("local t = nil\nlocal x = t.x", 2, "attempt to index a nil value (local 't')"),
        ("\x1bLua", 1, "unexpected symbol near '<\\27>'"),
        ("x" * (256 * 1024 + 1), None, "262145 bytes of source; the limit is 262144"),
    ],
)
def test_a_text_that_cannot_be_loaded_is_told_with_its_line(
    stage: Stage, source: str, line: int | None, message: str
) -> None:
    for _ in range(2):
        reply = checked(stage.plugin(source))
        assert (reply["outcome"], reply["line"], reply["message"]) == ("error", line, message)


def test_forbidden_words_may_stand_in_texts_and_comments(stage: Stage) -> None:
    before = """
      -- global _ENV __gc
      --[==[ global ]] _ENV
      ]==]
      local s = "global \\z
        _ENV" .. 'it\\'s _ENV' .. [[global]] .. "\\
global"
    """
    assert said(stage, "#s", before) > 0


def test_a_text_may_be_as_long_as_the_limit() -> None:
    check_source(b"-" * SOURCE_BYTES)
    with pytest.raises(SourceError):
        check_source(b"-" * (SOURCE_BYTES + 1))


@pytest.mark.parametrize("piece", [b'"\\"', b"[", b"[[", b"[=", b"--[", b"'", b"\\", b"a.", b"0"])
def test_reading_takes_time_proportional_to_the_text(piece: bytes) -> None:
    source = (piece * SOURCE_BYTES)[:SOURCE_BYTES]
    for text in (source, b'"' + source[1:], b"[[" + source[2:]):
        try:
            check_source(text)
        except SourceError:
            continue


QUOTED = st.sampled_from(
    ['"{}"', "'{}'", "[[{}]]", "[=[ ]] {} ]=]", "--{}\n", "--[[{}]]", "--[==[{}]==]"]
)
WORDS = st.sampled_from(["global", "_ENV", "__gc", "__mode"])


@given(st.lists(st.tuples(QUOTED, WORDS), max_size=6), WORDS)
@settings(deadline=None)
def test_a_word_is_forbidden_exactly_where_it_is_code(
    quoted: list[tuple[str, str]], word: str
) -> None:
    harmless = " ".join(form.format(inside) for form, inside in quoted)
    check_source(harmless.encode())
    check_source(f"{harmless} x{word} {word}1".encode())
    with pytest.raises(SourceError) as caught:
        check_source(f"{harmless} x.{word}=1".encode())
    assert caught.value.line == harmless.count("\n") + 1
