"""A file's header: what is read, what is refused and where the author is told to look."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.bounds import MAX_HEADER, MAX_HEADER_DEPTH, MAX_HEADER_NODES
from apps.content.frontmatter import Parts, normal, split


def code_and_line(text: str) -> tuple[str, int]:
    (flaw,) = split(text).flaws
    assert flaw.reason
    return flaw.code, flaw.line


def front(header: str) -> dict[str, Any]:
    parts = split(f"---\n{header}\n---\n")
    assert parts.flaws == ()
    return parts.front


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("---\ntitle: Hello\n---\nBody\n", "yaml"),
        ("---  \ntitle: Hello\n--- \nBody\n", "yaml"),
        ('+++\ntitle = "Hello"\n+++\nBody\n', "toml"),
        ('{"title": "Hello"}\nBody\n', "json"),
        ('{\n  "title": "Hello"\n}\nBody\n', "json"),
    ],
)
def test_three_formats_say_the_same(text: str, format: str) -> None:
    parts = split(text)
    assert (parts.front, parts.format, parts.body) == ({"title": "Hello"}, format, "Body\n")
    assert parts.flaws == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Just text",
        "# Heading\n\n---\na: 1\n---\n",
        "---\n\nA rule above.\n",
        "---",
        "---\n***\ntext",
        "{% include x %}\ntext",
        "{{ shortcode }}\ntext",
        "{ not json",
        "+++ plus plus plus\n",
        "----\nA rule, then text.\n",
    ],
)
def test_text_without_a_header_is_all_body(text: str) -> None:
    assert split(text) == Parts(text)


def test_an_empty_header_is_a_header() -> None:
    for text in ("---\n---\nx", "+++\n\n+++\nx", "{}\nx", "---\n# a comment\n---\nx"):
        parts = split(text)
        assert (parts.front, parts.body, parts.flaws) == ({}, "x", ())
        assert parts.format != "none"


def test_only_the_fences_own_line_is_taken_from_the_body() -> None:
    assert split("---\na: 1\n---\n\n\n  x  \n").body == "\n\n  x  \n"
    assert split("---\na: 1\n---").body == ""


def test_a_rule_after_the_header_stays_in_the_body() -> None:
    assert split("---\na: 1\n---\nx\n\n---\ny").body == "x\n\n---\ny"


def test_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    plain = "---\ntitle: a\nb:\n  - c\n---\nBody\n\nmore\n"
    for text in ("\ufeff" + plain, plain.replace("\n", "\r\n"), plain.replace("\n", "\r")):
        assert split(text) == split(plain)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_are_counted_in_the_file(ends: str) -> None:
    text = "---\na: 1\nb: 2\na: 3\n---\nBody".replace("\n", ends)
    assert code_and_line("\ufeff" + text) == ("front-matter.duplicate-key", 4)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\na: 1\na: 2\n---\n", "duplicate-key", 3),
        ("---\na:\n  b: 1\n  b: 2\n---\n", "duplicate-key", 4),
        ("+++\na = 1\na = 2\n+++\n", "duplicate-key", 3),
        ("+++\n[a]\n[b]\n[a]\n+++\n", "duplicate-key", 4),
        ('{"a": 1,\n"b": 2,\n"a": 3}\n', "duplicate-key", 3),
        ("---\na: &x 1\nb: *x\n---\n", "alias", 3),
        ("---\na: [1,\nb: 2\n---\n", "syntax", 2),
        ("---\na: 'b\nc: 2\n---\n", "syntax", 2),
        ("---\na: 1\nb\nc: 2\n---\n", "syntax", 3),
        ("---\na: 1\n  b: 2\n---\n", "syntax", 3),
        ("---\na: b: c\n---\n", "syntax", 2),
        ("---\na:\n\t- b\n---\n", "syntax", 3),
        ("---\na: 'x\x01'\n---\n", "syntax", 2),
        ("+++\na = \n+++\n", "syntax", 2),
        ("+++\na = 1\nb\n+++\n", "syntax", 3),
        ('{"a": 1,\n"b": }\n', "syntax", 2),
        ("---\n- a\n- b\n---\n", "not-a-mapping", 2),
        ("---\njust words\n---\n", "not-a-mapping", 2),
        ("---\na: 1\n2024: x\n---\n", "key-not-text", 3),
        ("---\na: 1\ntrue: x\n---\n", "key-not-text", 3),
        ("---\n? [a]\n: b\n---\n", "key-not-text", 2),
        ("---\na: !!python/object/apply:os.system ['id']\n---\n", "tag", 2),
        ("---\na: 1\nb: !!binary YQ==\n---\n", "tag", 3),
        ('{"a": NaN}\n', "number", 1),
        ('{"a": 1,\n"b": -Infinity}\n', "number", 2),
        ('{"a": 1e999}\n', "number", 1),
        ("+++\na = inf\n+++\n", "number", 2),
        ("---\ntitle: a\n\ntext", "unclosed", 1),
        ('+++\ntitle = "a"\n', "unclosed", 1),
        ("+++\n[extra]\n", "unclosed", 1),
        ('{"title": "a",\n', "unclosed", 1),
        ("---\ntitle: a\n+++\ntext", "wrong-fence", 3),
        ("+++\ntitle = 1\n---\ntext", "wrong-fence", 3),
        ("---\ntitle: a\n----\ntext", "wrong-fence", 3),
        ("---\ntitle: a\n—\ntext", "wrong-fence", 3),
        ("----\ntitle: a\n----\ntext", "wrong-fence", 1),
        ("--\ntitle: a\n--\ntext", "wrong-fence", 1),
        ("—\ntitle: a\n---\ntext", "wrong-fence", 1),
        (" ---\ntitle: a\n---\ntext", "wrong-fence", 1),
        ("---yaml\ntitle: a\n---\ntext", "wrong-fence", 1),
        ("++++\ntitle = 1\n++++\ntext", "wrong-fence", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, code: str, line: int) -> None:
    assert code_and_line(text) == (f"front-matter.{code}", line)
    assert split(text).front == {}


def test_yaml_has_the_types_of_version_1_2() -> None:
    assert front("a: no\nb: yes\nc: on\nd: off\ne: 12:30\nf: 010\ng: 1_000\nh: 0x1F\ni: .inf") == {
        "a": "no",
        "b": "yes",
        "c": "on",
        "d": "off",
        "e": "12:30",
        "f": "010",
        "g": "1_000",
        "h": "0x1F",
        "i": ".inf",
    }
    assert front("a: true\nb: False\nc: ~\nd:\ne: -5\nf: 0.5\ng: 1e3\nh: '5'\ni: !!str 5") == {
        "a": True,
        "b": False,
        "c": None,
        "d": None,
        "e": -5,
        "f": 0.5,
        "g": 1000.0,
        "h": "5",
        "i": "5",
    }


def test_numbers_that_no_message_holds_stay_text() -> None:
    digits = "9" * 30
    assert front(f"a: {digits}\nb: 1e999") == {"a": digits, "b": "1e999"}
    assert split(f'{{"a": {digits}}}\n').front == {"a": digits}
    assert split(f"+++\na = {digits}\n+++\n").front == {"a": digits}


def test_dates_are_iso_text_in_every_format() -> None:
    iso = {"a": "2026-03-26", "b": "2026-03-26T10:00:00+02:00", "c": "2026-03-26T10:00:00"}
    assert front("a: 2026-03-26\nb: 2026-03-26 10:00:00 +02:00\nc: 2026-03-26 10:00") == iso
    toml = "+++\na = 2026-03-26\nb = 2026-03-26T10:00:00+02:00\nc = 2026-03-26T10:00:00\n+++\n"
    assert split(toml).front == iso


def test_a_day_that_does_not_exist_stays_text_for_yaml() -> None:
    assert front("a: 2026-02-31") == {"a": "2026-02-31"}


@pytest.mark.parametrize("key", ["content", "handler", "metadata", "<<", "__class__"])
def test_no_key_is_special(key: str) -> None:
    assert front(f'"{key}": 1') == {key: 1}


def test_half_characters_are_replaced() -> None:
    assert split('{"a\\ud800": "\\udfff", "b": "\\ud83d\\ude00"}\n').front == {
        "a\ufffd": "\ufffd",
        "b": "😀",
    }
    assert normal("a\ud800") == "a\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        "---\na: " + "[" * 60_000 + "\n---\n",
        "---\na: " + "[" * 30_000 + "]" * 30_000 + "\n---\n",
        "---\na: " + "{a: " * 15_000 + "\n---\n",
        "---\n" + "- " * 30_000 + "\n---\n",
        "---\n" + "? " * 30_000 + "\n---\n",
        "+++\na = " + "[" * 60_000 + "\n+++\n",
        "+++\na = " + "{a = " * 12_000 + "\n+++\n",
        "+++\n" + ".".join("a" * 30_000) + " = 1\n+++\n",
        "+++\n[" + ".".join("a" * 30_000) + "]\n+++\n",
        '{"a": ' + "[" * 60_000,
        '{"a": ' * 60_000,
        '{"a": ' * 1_000 + "1" + "}" * 1_000 + "\n",
    ],
)
def test_nesting_without_end_is_refused_and_crashes_nothing(text: str) -> None:
    assert code_and_line(text)[0] == "front-matter.too-deep"


@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "---\na: " + "[" * depth + "]" * depth + "\n---\n",
        lambda depth: "+++\na = " + "[" * depth + "]" * depth + "\n+++\n",
        lambda depth: '{"a": ' + "[" * depth + "]" * depth + "}\n",
    ],
)
def test_nesting_is_bounded_from_both_sides(nested: Any) -> None:
    assert split(nested(MAX_HEADER_DEPTH)).flaws == ()
    assert code_and_line(nested(MAX_HEADER_DEPTH + 1))[0] == "front-matter.too-deep"


@pytest.mark.parametrize("form", ["---\na: [{}]\n---\n", "+++\na = [{}]\n+++\n", '{{"a": [{}]}}\n'])
def test_the_number_of_values_is_bounded_from_both_sides(form: str) -> None:
    around = 2 if form[0] != "-" else 3  # YAML counts its keys
    most = MAX_HEADER_NODES - around
    assert split(form.format(",".join(["1"] * most))).flaws == ()
    assert code_and_line(form.format(",".join(["1"] * (most + 1))))[0] == "front-matter.too-large"


@pytest.mark.parametrize(
    ("opening", "start", "end", "closing"),
    [
        ("---\n", "a: ", "\n", "---\n"),
        ("+++\n", "a = '", "'\n", "+++\n"),
        ("", '{"a": "', '"}', "\n"),
    ],
)
def test_the_length_of_a_header_is_bounded_from_both_sides(
    opening: str, start: str, end: str, closing: str
) -> None:
    def text(length: int) -> str:
        return opening + start + "x" * (length - len(start + end)) + end + closing

    assert split(text(MAX_HEADER)).flaws == ()
    assert code_and_line(text(MAX_HEADER + 1)) == ("front-matter.too-large", 1)


def test_a_yaml_bomb_is_refused_at_its_first_alias() -> None:
    lines = ["a0: &a0 [x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    bomb = "\n".join(lines)
    assert code_and_line(f"---\n{bomb}\n---\n") == ("front-matter.alias", 3)


@given(
    st.text(
        alphabet=st.sampled_from("-+{}[]:=\"'#ab1.,\n\r \t&*!|>?%@`\ufeff\ud800é"), max_size=200
    )
)
def test_no_text_makes_splitting_fail(text: str) -> None:
    for opening in ("", "---\n", "+++\n", "{"):
        parts = split(opening + text)
        json.dumps(parts.front, allow_nan=False).encode()
        assert "\r" not in parts.body
        assert all(
            1 <= flaw.line <= text.count("\n") + text.count("\r") + 3 for flaw in parts.flaws
        )


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc -", max_size=5), inner)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.text("abcxyz", min_size=1, max_size=5), TREES, max_size=5), st.text("ab\n#")
)
def test_what_json_writes_is_read_back(values: dict[str, Any], body: str) -> None:
    parts = split(json.dumps(values) + "\n" + body)
    assert (parts.front, parts.body, parts.flaws) == (values, body, ())
