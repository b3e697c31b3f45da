"""A route that searches says which keys of a query it reads, and shows nothing else."""

from typing import Any

import pytest
from pydantic import ValidationError

from apps.content.search.bounds import PAGE_SIZE
from apps.extensions.routes import Route, disagreements

SEARCH: dict[str, Any] = {"name": "search", "path": "/search/", "template": "search.html"}


def route(search: dict[str, Any], **more: Any) -> Route:
    return Route.model_validate({**SEARCH, "search": search, **more})


def test_what_is_not_said_is_as_usual() -> None:
    found = route({}).search
    assert found is not None
    assert (found.keys, found.page_size) == (("q", "page"), 10)
    assert route({"page_size": PAGE_SIZE, "words": "was", "page": "seite"}).search


@pytest.mark.parametrize(
    "search",
    [
        *({"words": "Q"}, {"words": ""}, {"words": "a&b"}, {"words": "page"}, {"more": 1}),
        *({"page_size": 0}, {"page_size": PAGE_SIZE + 1}, {"words": "a" * 33}),
    ],
)
def test_what_does_not_fit_is_refused(search: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        route(search)


@pytest.mark.parametrize(
    "more", [{"kind": "site"}, {"query": {}}, {"terms": "tags"}, {"around": {"related": 1}}]
)
def test_it_shows_nothing_else(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="shows nothing else"):
        route({}, **more)


def test_it_leaves_nothing_to_a_later_route_of_the_same_path() -> None:
    search = {**SEARCH, "search": {}}
    later = {**SEARCH, "name": "later", "kind": "page"}
    assert [place for place, _ in disagreements([search, later])] == [(1, "path")]
    assert list(disagreements([later, search])) == []
