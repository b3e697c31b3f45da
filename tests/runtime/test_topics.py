import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.runtime.limits import TOPIC_CHARACTERS
from apps.runtime.topics import TopicError, check_topic, parse_pattern
from tests.tables import each_of

TRUTH = [
    ("*", ["anything"], ["a.b", ""]),
    ("**", ["a", "a.b.c"], [""]),
    ("a", ["a"], ["ab", "b", "a.a"]),
    ("a.b.c", ["a.b.c"], ["a.b", "a.b.c.d"]),
    ("a.*", ["a.b"], ["a", "a.b.c", "b.b"]),
    ("a.**", ["a", "a.b", "a.b.c.d"], ["b", "ab", "b.a"]),
    ("*.*.*", ["a.b.c"], ["a.b", "a.b.c.d"]),
    ("**.state.*", ["a.state.x", "state.x", "a.b.state.x"], ["b.state.y.z", "a.state"]),
    ("a.**.z", ["a.z", "a.b.c.z"], ["a.b", "z", "a"]),
    ("(a|b).(b|y).c", ["b.y.c", "a.y.c"], ["c.b.c", "a.c.c"]),
    ("(a|b).state.*", ["b.state.x"], ["a.d.state.x", "a|b.state.x"]),
    ("a.*.c", ["a.b.c"], ["a.b.d.c", "a.c"]),
    ("a.*.*.d", ["a.b.c.d"], ["a.b.x.y"]),
    ("*.*.state.*", ["a.b.state.c"], ["a.b.state"]),
    ("function.(register|delete)", ["function.delete"], ["function.accept"]),
    ("registry.**", ["registry", "registry.entry.create"], ["registries"]),
    ("(a)", ["a"], ["(a)", "b"]),
]
NAMES = ("a", "b", "ab")
TOPICS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6)
ONE_OF = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(
    lambda names: f"({'|'.join(names)})"
)
PATTERNS = st.lists(st.sampled_from((*NAMES, "*", "**")) | ONE_OF, min_size=1, max_size=6)


def oracle(pattern: list[str], topic: list[str]) -> bool:
    if not pattern:
        return not topic
    first, rest = pattern[0], pattern[1:]
    if first == "**":
        return any(oracle(rest, topic[taken:]) for taken in range(len(topic) + 1))
    fits = bool(topic) and (first == "*" or topic[0] in first.strip("()").split("|"))
    return fits and oracle(rest, topic[1:])


@each_of(
    ("pattern", "topic", "expected"),
    [(p, t, True) for p, yes, _ in TRUTH for t in yes]
    + [(p, t, False) for p, _, no in TRUTH for t in no],
)
def test_a_pattern_is_for_these_topics_and_not_for_those(
    pattern: str, topic: str, expected: bool
) -> None:
    assert parse_pattern(pattern).matches(topic) is expected


@given(PATTERNS, TOPICS)
def test_a_pattern_matches_as_its_plain_reading_says(pattern: list[str], topic: list[str]) -> None:
    found = parse_pattern(".".join(pattern)).matches(".".join(topic))
    assert found is oracle(pattern, topic)


@given(TOPICS)
def test_a_topic_is_a_pattern_for_itself_and_is_within_every_topic(topic: list[str]) -> None:
    text = ".".join(topic)
    assert check_topic(text) == text
    assert parse_pattern(text).matches(text)
    assert parse_pattern("**").matches(text)
    assert parse_pattern("*").matches(text) is (len(topic) == 1)


def test_a_pattern_of_many_stars_is_matched_without_trying_all_ways() -> None:
    pattern = parse_pattern(".".join(["**", "a"] * 40))
    assert not pattern.matches(".".join(["a"] * 39 + ["b"] * 60))
    assert pattern.matches(".".join(["a"] * 40))


BAD_PATTERNS = (
    *("", ".", "a.", ".a", "a..b", "a.*b", "***", "a b", "a\n", "ä"),
    *("(a|)", "(a", "a)", "()", "a|b", "(a.b)", "(*|a)", "((a))", "a.(b|c)d"),
    "a" * (TOPIC_CHARACTERS + 1),
)
BAD_TOPICS = ("", ".", "a.", "a..b", "*", "a.**", "(a|b)", "a b", "a\n", "ä", BAD_PATTERNS[-1])


@each_of("text", BAD_PATTERNS)
def test_what_is_no_pattern_is_refused_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(TopicError, match=r"'\(a\|b\)'"):
        parse_pattern(text)


@each_of("text", BAD_TOPICS)
def test_what_is_no_topic_is_refused_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(TopicError, match=r"site\.synced"):
        check_topic(text)


def test_the_longest_topic_is_one_and_can_be_subscribed_to() -> None:
    longest = "a" * TOPIC_CHARACTERS
    assert parse_pattern(check_topic(longest)).matches(longest)
