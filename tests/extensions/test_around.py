"""Routes that list terms, and what a route wants to know of a page's surroundings."""

from typing import Any

import pytest
from pydantic import ValidationError

from apps.extensions.around import RELATED, Around
from apps.extensions.routes import Route, disagreements


def route(**more: Any) -> Route:
    return Route.model_validate({"name": "a", "path": "/{kind}/", "template": "a.html", **more})


def test_nothing_is_asked_for_unless_it_is_said() -> None:
    assert route().around is None
    assert route(around={}).around == Around(neighbours=False, related=0, sections=False)


def test_related_pages_are_bounded() -> None:
    assert route(around={"related": RELATED}).around == Around(related=RELATED)
    for wrong in (RELATED + 1, -1, True, "3"):
        with pytest.raises(ValidationError):
            route(around={"related": wrong})
    with pytest.raises(ValidationError):
        route(around={"neighbors": True})


@pytest.mark.parametrize("terms", ["tags", "Blog tags", "{kind}"])
def test_a_route_lists_the_terms_of_one_taxonomy_or_of_any(terms: str) -> None:
    assert route(terms=terms).terms == terms


@pytest.mark.parametrize(
    "more",
    [
        {"terms": "{other}"},
        {"terms": "tags", "kind": "page"},
        {"terms": "tags", "query": {"order": "-date"}},
        {"terms": ""},
        {"terms": "a/b"},
        {"terms": ["tags"]},
    ],
)
def test_and_nothing_else(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        route(**more)


def test_a_route_of_terms_leaves_something_to_others_of_its_path() -> None:
    terms = {"name": "t", "path": "/{a}/", "template": "t", "terms": "{a}"}
    page = {"name": "p", "path": "/{b}/", "template": "p", "kind": "page"}
    again = {**terms, "name": "u", "path": "/{c}/"}
    assert list(disagreements([terms, page])) == list(disagreements([page, terms])) == []
    assert [place for place, _ in disagreements([terms, {**again, "terms": "{a}"}])] == [
        (1, "path")
    ]
