"""Transforms that share a pass over the page, held against one pass for each."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import html
from apps.content.bounds import MAX_FRAGMENT, MAX_INSERTED, MAX_TRANSFORMS
from apps.content.passes import passes

LINKS = 'a:is([href^="https://"], [href^="http:"]):not([href="https://rel.example/.class"])'
REL = {"selector": LINKS, "op": "set_attribute", "name": "rel", "value": "noopener"}
CLASS = {"selector": LINKS, "op": "add_class", "name": "external"}
ALLOWED = "main *"


def together(*transforms: Any, allowed: str = ALLOWED) -> list[int]:
    """How many share each pass."""
    found = list(passes(transforms, allowed))
    assert [number for each in found for number, _ in each] == list(range(len(transforms)))
    return [len(each) for each in found]


def test_changes_of_attributes_that_nobody_asks_for_share_a_pass() -> None:
    other = {"selector": "main a, h2", "op": "remove_attribute", "name": "title"}
    assert together(REL, CLASS, other, CLASS | {"op": "remove_class"}) == [4]


@pytest.mark.parametrize(
    "second",
    [
        *({"op": op, "html": "x", "text": "x"} for op in ("remove", "unwrap", "append_html")),
        {"op": "set_inner_text", "text": "x"},
        {"op": "no such"},
        {"op": "set_attribute", "name": None},
        {"op": "set_attribute", "name": 1, "value": "x"},
        {"op": "set_attribute", "name": "", "value": "x"},
        {"selector": 1},
        {"selector": "[rel]"},
        {"selector": "[REL=a]"},
        {"selector": "a:first-child"},
        {"selector": "a:any-link"},
        {"selector": "a:has(b)"},
        {"selector": "a[href='x]"},
        {"selector": "\\61"},
        {"selector": "a/**/b"},
        {"selector": "a\n"},
    ],
    ids=repr,
)
def test_what_may_see_or_do_more_has_a_pass_of_its_own(second: dict[str, Any]) -> None:
    assert together(REL, CLASS | second) == [1, 1]
    assert together(REL, REL | second, CLASS) in ([1, 1, 1], [1, 2])


def test_what_comes_later_undoes_what_was_done_before() -> None:
    links = [f'<a href="https://{name}.example/">' for name in "ab"]
    page = f"<main>{links[0]}</a>{links[1]}</a></main>"
    undone = CLASS | {"selector": 'a[href*="//b"]', "op": "remove_class"}
    changed, _ = html.rewrite(page, [CLASS, REL, undone, REL | {"name": "lang"}], [ALLOWED])
    assert [found.count("external") for found in changed.split("</a>")] == [1, 0, 0]
    again, _ = html.rewrite(page, [CLASS, undone, CLASS], [ALLOWED])
    assert again.count("external") == 2


def test_what_is_no_transform_has_a_pass_of_its_own() -> None:
    assert together(REL, None, REL, [], "x", REL) == [1] * 6


@pytest.mark.parametrize(
    ("first", "selector"),
    [
        (CLASS, "a.b"),
        (CLASS, "[class]"),
        (REL | {"name": "id"}, "#a"),
        (REL | {"name": "ID"}, "a, #b"),
        (REL | {"name": "Href"}, LINKS),
    ],
)
def test_signs_stand_for_attributes(first: dict[str, Any], selector: str) -> None:
    assert together(first, REL | {"selector": selector, "name": "title"}) == [1, 1]
    assert together(first, REL | {"selector": "b", "name": "title"}) == [2]
    assert together(first, REL | {"selector": "b", "name": "title"}, allowed=selector) == [1, 1]


def test_what_is_too_many_is_told_one_by_one() -> None:
    assert together(*[REL] * (MAX_TRANSFORMS + 2)) == [MAX_TRANSFORMS, 1, 1]


def one_by_one(
    page: str, transforms: Sequence[Any], accept: Sequence[str]
) -> tuple[str, list[Any]]:
    """As `rewrite`, with a call for each, so that nothing can be shared."""
    dropped: list[Any] = []
    for number, transform in enumerate(transforms):
        page, refused = html.rewrite(page, [transform], accept)
        dropped += [each | {"index": number} for each in refused]
    return page, dropped


NAMES = st.sampled_from(["rel", "class", "id", "title", "href", "TITLE", "data-x", "onclick", "b"])
SELECTORS = st.sampled_from(
    ["a", "main a", "*", "p, a", "a[href]", "[title]", ".b", "#b", "a:not(.b)", "b b", LINKS, "a["]
)
VALUES = st.sampled_from(
    ["", "b", "a b", "https://b.example/", "javascript:x", 'x" y="z', "&amp;<"]
)
TRANSFORMS = st.one_of(
    st.fixed_dictionaries(
        {"selector": SELECTORS, "op": st.just("set_attribute"), "name": NAMES, "value": VALUES}
    ),
    st.fixed_dictionaries(
        {"selector": SELECTORS, "op": st.just("remove_attribute"), "name": NAMES}
    ),
    st.fixed_dictionaries(
        {
            "selector": SELECTORS,
            "op": st.sampled_from(["add_class", "remove_class"]),
            "name": VALUES,
        }
    ),
    st.fixed_dictionaries({"selector": SELECTORS, "op": st.sampled_from(["remove", "unwrap"])}),
)
TAGS = st.sampled_from(
    [
        *("<a href=https://b.example/>", "<a class='b c' title=t>", '<A HREF="/x" HREF=y rel=b>'),
        *(
            "</a>",
            "<p id=b>",
            "</p>",
            "<b>",
            "</b>",
            "<br/>",
            "<img src=a title=x>",
            "text &amp; <",
        ),
        *(
            "<main>",
            "</main>",
            "<script>a</script>",
            "<a =x 'y' href",
            "<link rel=stylesheet>",
            ">",
        ),
    ]
)


@given(
    st.lists(TAGS, max_size=14),
    st.lists(TRANSFORMS, max_size=6),
    st.sampled_from([["main *"], ["*"], ["a[title]", ".b"], []]),
)
def test_nobody_can_tell_that_they_shared_one(
    tags: list[str], transforms: list[Any], accept: list[str]
) -> None:
    page = "<main>" + "".join(tags) + "</main>"
    assert html.rewrite(page, transforms, accept) == one_by_one(page, transforms, accept)


def test_who_is_refused_in_company_is_told_alone_and_takes_nobody_along() -> None:
    links = MAX_INSERTED // MAX_FRAGMENT - 1
    page = "<main>" + "<a href=/>x</a>" * links + "</main>"
    long = {
        "selector": "a",
        "op": "set_attribute",
        "name": "title",
        "value": "x" * MAX_FRAGMENT,
    }
    short = {"selector": "a", "op": "add_class", "name": "b"}
    more = long | {"name": "data-x"}
    assert together(long, more, short) == [3]
    changed, dropped = html.rewrite(page, [long, more, short], ["main *"])
    assert [each["index"] for each in dropped] == [1, 2]
    assert changed.count("title=") == links
    assert "data-x" not in changed and "class=" not in changed
