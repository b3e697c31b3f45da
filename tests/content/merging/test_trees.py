"""A header taken apart is still the same text, and says the same."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.flaws import FlawError
from apps.content.merging.headers import TREES
from apps.content.merging.parts import READERS
from apps.content.merging.tree import Branch, Leaf, Syntax, Unlocated

YAML = """\
# top

title: "A" # trailing
tags:
- a
- b   # bee

# about the text
about: |
  one

  two

folded: >-
  a
  b
nothing:
tilde: ~
list: [a, 'b',   # x
   "c, d" ]
empty: []
# above extra
extra:   # beside extra

  # inside
  a: 1
  deep:
    - x
    -
    - "y"
  # below deep
  # b: 2

files:
  - src: a
    name: A
  - src: b
"quoted key": plain
  continued
flow: {a: 1, b: [1, 2], c, "d e": {f: g}}
anchored: &x [1, 2]
tagged: !!str 5
url: http://x/#y
last: 1

# end
"""
TOML = """\
# top
title = "A" # trailing
a.b = 1
a.c = 2
"quoted key" = 'x'
list = [
  "x", # first
  # second
  "y",
]
inline = { a = 1, b.c = "}", d = [1, 2] }
text = \"\"\"
[not] = "a" # table
\"\"\"
other = '''x''
'''
day = 1979-05-27 07:32:00

# above extra
[extra]
x = 1

[extra.deep] # beside
y = [[1, 2], [3]]
  [indented.a]
  z = "]"
[[links]]
u = 1
[links.more]
z = ']]'
[[links]] # two
u = 2

[last]
# below
"""
JSON = """\
 {
  "a": 1, "b": ["x", "y" ],
  "c": {"d": null, "e\\u0041": [], "f": [{"g": 1}]}
 }

"""


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (Syntax.YAML, YAML),
        (Syntax.YAML, ""),
        (Syntax.YAML, "# only a comment\n"),
        (Syntax.YAML, "{a: 1, b: [x]} # flow\n"),
        (Syntax.YAML, "a:\n\n  b:\n\n    c: 1\n"),
        (Syntax.YAML, "a: 'it''s: x'\nb: \"\\\"\"\n"),
        (Syntax.TOML, TOML),
        (Syntax.TOML, ""),
        (Syntax.TOML, "[a]\n[b]\n[b.c]\n"),
        (Syntax.TOML, 'a = "\\"#"\nb = \'"\'\n'),
        (Syntax.JSON, JSON),
        (Syntax.JSON, "{}"),
        (Syntax.JSON, '{"a":{"b":[1,2 , 3]},"c":"}"}\n'),
    ],
)
def test_a_tree_is_the_text_it_was_made_of(syntax: Syntax, text: str) -> None:
    value = READERS[syntax](text)
    tree = TREES[syntax](text, value)
    assert tree.text == text
    assert tree.value == value


def fields(tree: Branch, above: tuple[str, ...] = ()) -> dict[str, str]:
    found = {}
    for item in tree.items:
        name = (*above, *item.key) if tree.is_map else above
        if isinstance(item.node, Leaf):
            found[".".join(map(str, name))] = item.node.text
        else:
            found |= fields(item.node, name)
    return found


def test_every_value_is_found_where_it_stands() -> None:
    tree = TREES[Syntax.YAML](YAML, READERS[Syntax.YAML](YAML))
    found = fields(tree)
    assert found["title"] == '"A"'
    assert found["about"] == "|\n  one\n\n  two\n\n"
    assert found["extra.a"] == "1"
    assert found["flow.d e.f"] == "g"
    assert found["url"] == "http://x/#y"
    found = fields(TREES[Syntax.TOML](TOML, READERS[Syntax.TOML](TOML)))
    assert found["extra.deep.y"] == "[[1, 2], [3]]"
    assert found["day"] == "1979-05-27 07:32:00"
    assert found["links"].startswith("[[links]]\nu = 1\n[links.more]")


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (Syntax.YAML, "? a\n: 1\n"),
        (Syntax.YAML, "? |\n  a\n: 1\n"),
        (Syntax.TOML, "[a]\n[b]\n[a.c]\n"),
        (Syntax.TOML, "[a.b]\nx = 1\n[a]\ny = 1\n"),
        (Syntax.TOML, "[[a]]\n[b]\n[[a]]\n"),
    ],
)
def test_what_cannot_be_taken_apart_is_left_to_lines(syntax: Syntax, text: str) -> None:
    with pytest.raises(Unlocated):
        TREES[syntax](text, READERS[syntax](text))


def lines(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=6, unique=True).map("".join)


YAML_TEXTS = lines(
    *("a: 1\n", "b:\n", "c: [x, y] # z\n", "d: {e: f}\n", "  g: h\n", "  - i\n", "- j\n", "\n"),
    *("# k\n", "  # l\n", "m: |\n", "  n: o\n", "p: 'q\n  r'\n", "    s:\n", "    - t\n", "? u\n"),
    *(
        ": v\n",
        "w: &x [\n",
        "  ]\n",
        "y: >+\n",
        "- - z\n",
        "- a: b\n",
        "\t\n",
        "é: 日\n",
        "x:   \n",
    ),
)
TOML_TEXTS = lines(
    *("a = 1\n", "b = [1,\n", "2]\n", "[c]\n", "[c.d]\n", "[[e]]\n", "[e.f]\n", "g.h = 'i'\n"),
    *(
        "g.j = { k = 1, l.m = 2 }\n",
        "\n",
        "# n\n",
        '"o" = """p\n',
        '"""\n',
        " [q] # r\n",
        "s = '#'\n",
    ),
    *(
        "t = 2020-01-01 10:00:00\n",
        "u = [[1], ['v']]\n",
        "w = [ # x\n",
        "y = 1",
        "\n",
        "[c . 'd']\n",
    ),
)
JSON_TEXTS = st.builds(
    json.dumps,
    st.dictionaries(
        st.text('ab"\\\n,}', max_size=3),
        st.recursive(
            st.none() | st.integers(0, 9) | st.text('ab"]}', max_size=4),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy"), inner),
            max_leaves=6,
        ),
        max_size=4,
    ),
    indent=st.sampled_from((None, 0, 2, "\t")),
    separators=st.sampled_from(((",", ":"), (" , ", " : "))),
)


@pytest.mark.parametrize(
    ("syntax", "texts"),
    [(Syntax.YAML, YAML_TEXTS), (Syntax.TOML, TOML_TEXTS), (Syntax.JSON, JSON_TEXTS)],
)
def test_whatever_can_be_read_is_taken_apart_rightly_or_not_at_all(
    syntax: Syntax, texts: st.SearchStrategy[str]
) -> None:
    assert_for_all(texts, lambda text: check(syntax, text))


def assert_for_all(texts: st.SearchStrategy[str], check: Callable[[str], None]) -> None:
    given(texts)(check)()


def check(syntax: Syntax, text: str) -> None:
    try:
        value: dict[str, Any] = READERS[syntax](text)
        tree = TREES[syntax](text, value)
    except (FlawError, Unlocated):
        return
    assert tree.text == text
    assert tree.value == value
