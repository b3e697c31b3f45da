import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.gitsync.errors import GitFault
from apps.gitsync.writing import wording
from apps.gitsync.writing.wording import checked_name, shown, worded
from tests.tables import each_of

BREAKS = "\n\r\x85\u2028\u2029\x0b\x0c\x1c\0"
TEXTS = st.text(st.sampled_from(f"ab: é👩\u200d\u00a0{BREAKS}\x1b\ud800"), max_size=20)


def test_cause_comes_first_among_the_trailers() -> None:
    said = worded("Say x\n\nWhy", {"Plugin": "a 1", "Cause": "test"})
    assert said == "Say x\n\nWhy\n\nCause: test\nPlugin: a 1\n"


@given(TEXTS, TEXTS)
def test_the_last_paragraph_is_what_was_given_and_nothing_more(cause: str, value: str) -> None:
    try:
        said = worded(cause, {"Cause": "test", "Plugin": value})
    except GitFault:
        return
    assert said.endswith(f"\n\nCause: test\nPlugin: {value.strip()}\n")
    assert not set(said) & (set(BREAKS) - {"\n"})
    assert len(said.rpartition("\n\n")[2].splitlines()) == 2


@each_of("breaking", BREAKS)
def test_no_line_break_of_any_alphabet_passes(breaking: str) -> None:
    text = f"a{breaking}Digest: sha256:0"
    with pytest.raises(GitFault):
        worded("x", {"Cause": text})
    with pytest.raises(GitFault):
        checked_name(text)


@pytest.mark.parametrize("name", ["", "plugin", "A B", "A:", "A\nB", "Ä"])
def test_a_name_of_a_trailer_is_a_word(name: str) -> None:
    with pytest.raises(GitFault):
        worded("x", {"Cause": "test", name: "1"})


def test_texts_are_bounded_from_both_sides() -> None:
    worded("x" * wording.SUBJECT_CHARACTERS, {"Cause": "y" * wording.VALUE_CHARACTERS})
    worded("x\n" + "y" * wording.BODY_CHARACTERS, {"Cause": "test"})
    for cause in ("", " \n", "x" * (wording.SUBJECT_CHARACTERS + 1)):
        with pytest.raises(GitFault):
            worded(cause, {"Cause": "test"})
    with pytest.raises(GitFault):
        worded("x\n" + "y" * (wording.BODY_CHARACTERS + 1), {"Cause": "test"})
    with pytest.raises(GitFault):
        worded("x", {"Cause": "y" * (wording.VALUE_CHARACTERS + 1)})
    with pytest.raises(GitFault):
        worded("x", {"Plugin": "1"})


def test_a_long_path_is_shown_by_its_end() -> None:
    assert shown("a/b.md") == "a/b.md"
    assert shown(f"{'x' * 500}/b.md").endswith("/b.md")
    assert len(shown("x" * 500)) == wording.PATH_CHARACTERS + 1


@pytest.mark.parametrize("name", ["", "a<b", "a>b", "x" * 201, "\x1b[2J"])
def test_a_name_that_git_would_change_is_refused(name: str) -> None:
    assert checked_name(" Ada Lovelace ") == "Ada Lovelace"
    with pytest.raises(GitFault):
        checked_name(name)
