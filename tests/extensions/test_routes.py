"""Routes of themes: which paths they may have, and how a query is filled in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from apps.content.queries.filling import fill
from apps.content.queries.tree import both, has_term
from apps.extensions.routes import Route, disagreements
from tests.tables import each_of

ROUTE = {"name": "a", "path": "/", "template": "a.html"}


def refused(**values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Route.model_validate(ROUTE | values)
    return str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/{path}/",
        "/{path}",
        "/a/{path}/",
        "/tags/{term}/",
        "/{a}/{b}.json",
        "/feed.xml",
        "/~a_b-c/",
    ],
)
def test_paths_may_have_variables_as_segments_or_within(path: str) -> None:
    assert Route.model_validate(ROUTE | {"path": path}).path == path


@each_of(
    "path",
    [
        *("", "a", "//", "/a//b", "/../", "/a/./b", "/{path}/a/", "/a{path}/", "/{path}/{path}/"),
        *("/{a}{b}/", "/{A}/", "/{}/", "/{a", "/a b/", "/a?b", "/a#b", "/%2e/", "/ä/", "/a\n/"),
        "/" + "a" * 500,
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    assert refused(path=path)


@pytest.mark.parametrize(
    "template", ["", "/etc/passwd", "../a.html", "a/../b.html", "a\\b", "./a.html"]
)
def test_templates_stay_within_the_theme(template: str) -> None:
    assert "templates folder" in refused(template=template)


@pytest.mark.parametrize("document", ["/", "/{path}/", "/a/{path}/", "/notes/{path}/b/"])
def test_a_document_may_answer_elsewhere(document: str) -> None:
    values = ROUTE | {"path": "/{path}/", "document": document}
    assert Route.model_validate(values).document == document


@pytest.mark.parametrize(
    "values",
    [
        *({"document": text} for text in ("", "a", "{path}", "//", "/a", "/a b/", "/{term}/")),
        *({"document": "/", **other} for other in ({"kind": "site"}, {"terms": "tags"})),
    ],
    ids=str,
)
def test_other_documents_are_refused(values: dict[str, Any]) -> None:
    assert refused(path="/{path}/", **values)


def test_only_reading_methods_are_offered_and_that_is_said() -> None:
    assert "POST, DELETE: routes answer GET and HEAD for now" in refused(methods=["POST", "DELETE"])
    assert refused(methods=[]) and refused(methods=["GET", "GET"])
    assert Route.model_validate(ROUTE | {"methods": ["GET"]}).methods == ("GET",)


def test_a_query_names_fields_and_has_bounds() -> None:
    query = {"tags": "{term}", "lang": "en", "order": "-date", "page_size": 1000, "section": "x"}
    found = Route.model_validate(ROUTE | {"path": "/{term}/", "query": query})
    assert found.query is not None
    assert found.query.tree == both(has_term("lang", "en"), has_term("tags", "{term}"))
    for bad in (
        {"page_size": 1001},
        {"page_size": 0},
        {"order": "--date"},
        {"Tags": "a"},
        {"tags": 1},
    ):
        assert refused(query=bad)


@pytest.mark.parametrize(
    "content_type", ["text/html\r\nx: y", "text", "text/html; charset=latin-1"]
)
def test_other_content_types_are_refused(content_type: str) -> None:
    assert refused(content_type=content_type)


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.text(alphabet="{}ab")))
@settings(deadline=None)
def test_parameters_are_never_read_as_variables(parameters: dict[str, str]) -> None:
    expected = parameters.get("a", "") + "-" + parameters.get("b", "")
    assert fill("{a}-{b}", parameters) == expected


def route(name: str, path: str, **more: object) -> dict[str, object]:
    return {"name": name, "path": path, "template": "x.html", **more}


LISTS = {"order": "-date"}


@each_of(
    ("first", "second", "clash"),
    [
        (route("a", "/x/"), route("b", "/x"), True),
        (route("a", "/t/{a}/"), route("b", "/t/{b}/"), True),
        (route("a", "/{path}/"), route("b", "/{path}/", kind="page", query=LISTS), True),
        (route("a", "/x/", query=LISTS), route("b", "/x/", query=LISTS), True),
        (route("a", "/x/", kind="page", query=LISTS), route("b", "/x/", kind="page"), True),
        (route("a", "/{path}/", kind="page"), route("b", "/{path}/", kind="section"), False),
        (route("a", "/x/", kind="page"), route("b", "/x/"), False),
        (route("a", "/x/"), route("b", "/x/", query=LISTS), False),
        (route("a", "/t/{a}/"), route("b", "/{path}/"), False),
        (route("a", "/x/", query=LISTS), route("b", "/x/", query={"tags": "y"}), False),
    ],
)
def test_a_route_that_another_leaves_nothing_to_is_told(
    first: dict[str, object], second: dict[str, object], clash: bool
) -> None:
    found = list(disagreements([1, first, second]))
    assert [place for place, _ in found] == ([(2, "path")] if clash else [])
