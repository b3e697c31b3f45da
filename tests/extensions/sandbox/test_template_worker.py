"""What authors of themes can rely on, asked of a real worker."""

from contextlib import suppress
from typing import Any

import pytest

from apps.extensions import limits
from apps.runtime.faults import WorkerFault
from apps.runtime.workers import WorkerPool
from tests.extensions.stage import Stage


def render(pool: WorkerPool, template: str = "a.html", **request: Any) -> dict[str, Any]:
    context = request.pop("context", {})
    reply: dict[str, Any] = pool.call({"template": template, "context": context, **request})
    return reply


def text(stage: Stage, source: str, **context: Any) -> str:
    reply = render(stage.theme({"a.html": source}), context=context)
    assert "text" in reply, reply
    return str(reply["text"])


def fault(stage: Stage, templates: dict[str, str], **context: Any) -> tuple[str, int, str, str]:
    error = render(stage.theme(templates), context=context)["error"]
    return error["template"], error["line"], error["kind"], error["message"]


def test_values_are_escaped_and_the_body_is_not(stage: Stage) -> None:
    templates = {name: "{{ x }}{{ body }}" for name in ("a.html", "a.xml", "a.txt")}
    pool = stage.theme(templates)
    request: dict[str, Any] = {
        "context": {"x": "<&\"'>", "body": "hidden"},
        "html": {"body": "<p>"},
    }
    escaped = "&lt;&amp;&quot;&#x27;&gt;<p>"
    assert render(pool, "a.html", **request)["text"] == escaped
    assert render(pool, "a.xml", **request)["text"] == escaped
    assert render(pool, "a.txt", **request)["text"] == "<&\"'><p>"


def test_settings_assets_and_dates_are_offered(stage: Stage) -> None:
    source = "{{ settings.accent }} {{ asset('a.css') }} {{ day|date }} {{ moment|date }}"
    pool = stage.theme({"a.html": source}, settings={"accent": "pine"}, assets={"a.css": "/x.css"})
    context = {"day": "2026-03-06", "moment": "2025-12-31T23:59:59Z"}
    assert render(pool, context=context)["text"] == "pine /x.css 6 March 2026 31 December 2025"


RECIPE = {"widths": [20, 40], "formats": ["webp", "jpeg"], "quality": 80, "crop": None}
IMAGES = {
    "recipes": {"card": {**RECIPE, "sizes": "50vw"}},
    "library": ["jpeg", "png", "webp", "pillow-1"],
}
PICTURE = ["/a.jpg", "ab" * 20, 9, ["image/jpeg", 100, 50, "opaque"], [0.5, 0.5], 'A "hill"']


def test_pictures_are_described_by_the_recipes_of_the_theme(stage: Stage) -> None:
    source = (
        "{% set shown = image(named, 'card') %}{{ shown.width }}x{{ shown.height }}"
        " {{ shown.sizes }} {{ shown.sources|length }} {{ shown.alt }} {{ shown.src[:22] }}"
    )
    pool = stage.theme({"a.html": source}, images=IMAGES)
    for named in ("a.jpg", {"src": "a.jpg"}, ["a.jpg", "b.jpg"]):
        request: dict[str, Any] = {"context": {"named": named}, "pictures": {"a.jpg": PICTURE}}
        text = render(pool, **request)["text"]
        assert text == "40x20 50vw 1 A &quot;hill&quot; /-/image/tried/card/ab"


@pytest.mark.parametrize("named", ["b.jpg", "", None, 3, {}, [], {"src": 3}])
def test_what_is_no_picture_of_the_site_is_none(stage: Stage, named: Any) -> None:
    source = "{{ 'none' if image(named, 'card') is none else 'some' }}"
    pool = stage.theme({"a.html": source}, images=IMAGES)
    request: dict[str, Any] = {"context": {"named": named}, "pictures": {"a.jpg": PICTURE}}
    assert render(pool, **request)["text"] == "none"
    assert render(pool, context={"named": "a.jpg"})["text"] == "none", "nothing is kept"


def test_templates_include_extend_and_import_each_other(stage: Stage) -> None:
    templates = {
        "a.html": "{% extends 'base.html' %}{% block b %}{% include 'p/q.html' %}{% endblock %}",
        "base.html": "<{% block b %}{% endblock %}>",
        "p/q.html": "{% from './m.html' import m %}{{ m('x') }}",
        "p/m.html": "{% macro m(x) %}[{{ x }}]{% endmacro %}",
    }
    assert render(stage.theme(templates))["text"] == "<[x]>"


def test_an_error_names_the_template_and_the_line_where_it_is(stage: Stage) -> None:
    inner = {"a.html": "\n{% include 'b.html' %}", "b.html": "\n\n{{ page.nope }}"}
    assert fault(stage, inner, page={})[:2] == ("b.html", 3)
    assert fault(stage, {"a.html": "\n{{ page.nope }}"}, page={}) == (
        "a.html",
        2,
        "UndefinedError",
        "undefined value: page.nope",
    )
    assert fault(stage, {"a.html": "x\n\n{{ asset(x) }}"}, x="q")[:3] == ("a.html", 3, "CallError")
    assert fault(stage, {"a.html": "\n{{ 'soon'|date }}"})[3] == "date cannot read 'soon'"
    assert fault(stage, {"a.html": "{{ x }}\n{{ 1 // 0 }}"}, x=1)[:2] == ("a.html", 2)


def test_all_faults_of_a_theme_are_told_together_and_nothing_is_rendered(stage: Stage) -> None:
    templates = {
        "a.html": "fine",
        "b.html": "{% if %}",
        "c.html": "\n{% include 'no.html' %}",
        "d.html": "{{ 1" + "+1" * 20_000 + " }}",
        "e.html": "\n\n{{ 'x' ",
    }
    pool = stage.theme(templates)
    errors = pool.call({"check": True})["errors"]
    places = [(error["template"], error["line"]) for error in errors]
    assert places == [("b.html", 1), ("c.html", 2), ("d.html", 1), ("e.html", 3)]
    reply = render(pool)
    assert (reply["error"], reply["errors"]) == (errors[0], errors)
    assert stage.theme({"a.html": "fine"}).call({"check": True}) == {"errors": []}


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a.html/../b", "C:\\x", "file:///etc/passwd", "", "."]
)
def test_no_template_leads_outside_the_theme(stage: Stage, name: str) -> None:
    for tag in ("include", "extends", "import"):
        suffix = " as m" if tag == "import" else ""
        templates = {"a.html": f"{{% {tag} name{suffix} %}}"}
        assert fault(stage, templates, name=name)[0] == "a.html"
    assert render(stage.theme({"a.html": ""}), name)["error"]["kind"] == "TemplateNotFound"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'a.html' %}",
        "{% extends 'a.html' %}",
        "{{ debug() }}",
        "{{ x.__class__ }}",
        "{{ x.pop('a') }}",
        "{{ x.clear() }}",
        "{{ x.__init__.__globals__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ asset.__globals__ }}",
        "{{ image.__globals__ }}",
        "{{ image('a.jpg', x) }}",
        "{{ image() }}",
        "{{ x|nofilter }}",
        "{{ x.update({}) }}",
        "{{ 'x'.upper() }}",
        "{{ [1][0].real }}",
        "{{ 'a' * 999999999999999 }}",
    ],
)
def test_what_a_template_must_not_do_is_an_error(stage: Stage, source: str) -> None:
    assert fault(stage, {"a.html": source}, x={"a": 1})[0] == "a.html"


@pytest.mark.parametrize(
    "source",
    [
        "{% set ns = namespace(x='x') %}{% for i in range(60) %}"
        "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{{ '%0999999999d'|format(1) }}",
        pytest.param("{{ [1] * 100000000 }}", marks=pytest.mark.long),
        pytest.param("{% for i in range(99999) %}{{ x }}{% endfor %}", marks=pytest.mark.long),
    ],
)
def test_what_fuel_does_not_see_ends_with_an_error_or_the_worker(stage: Stage, source: str) -> None:
    pool = stage.theme({"a.html": source, "b.html": "fine"})
    with suppress(WorkerFault):
        assert "error" in render(pool, context={"x": "x" * 1000})
    assert render(pool, "b.html")["text"] == "fine"


def test_the_context_cannot_be_changed_and_keys_win_over_methods(stage: Stage) -> None:
    assert text(stage, "{{ x.items }}{{ x.keys|length }}", x={"items": "i", "keys": [1, 2]}) == "i2"
    assert text(stage, "{% for k, v in x|items %}{{ k }}{{ v }}{% endfor %}", x={"a": 1}) == "a1"
    assert fault(stage, {"a.html": "{{ x.append(1) }}"}, x=[1])[2] == "UnknownMethod"


def test_transforms_are_carried_out_where_the_theme_accepts_them(stage: Stage) -> None:
    source = "<html><head></head><body><p>a</p><main><p>b</p></main></body></html>"
    pool = stage.theme({"a.html": source, "a.txt": source})
    good = {"selector": "p", "op": "add_class", "name": "x", "by": "q"}
    bad = {"selector": "p +", "op": "remove", "by": "q"}
    request: dict[str, Any] = {"transforms": [bad, good], "accept": ["main *"]}
    reply = render(pool, **request)
    assert reply["text"] == source.replace("<main><p>", '<main><p class="x">')
    assert [each["index"] for each in reply["dropped"]] == [0]
    untouched = {"text": source, "dropped": [], "dropped_patches": []}
    assert render(pool, accept=["main *"]) == untouched
    only_text = render(pool, "a.txt", **request)
    assert only_text["text"] == source
    assert [each["reason"] for each in only_text["dropped"]] == ["only HTML can be transformed"] * 2


def test_patches_are_carried_out_on_json_and_what_does_not_fit_the_body_is_dropped(
    stage: Stage,
) -> None:
    source = '{"title": {{ title|tojson }}, "meta": {}}'
    pool = stage.theme({"a.json": source, "a.html": "<main><p></p></main>"})
    add = {"op": "add", "path": "/meta/words", "value": 7}
    failing = {"op": "test", "path": "/title", "value": "no"}
    request: dict[str, Any] = {
        "context": {"title": "T"},
        "transforms": [{"selector": "p", "op": "remove", "by": "q"}],
        "accept": ["main *"],
        "patches": [{"operations": [add, failing], "by": "q"}, {"operations": [add], "by": "q"}],
    }
    assert render(pool, "a.json", **request) == {
        "text": '{"title":"T","meta":{"words":7}}',
        "dropped": [{"index": 0, "reason": "only HTML can be transformed"}],
        "dropped_patches": [{"index": 0, "reason": "its test of '/title' failed"}],
    }
    request["context"] = {"title": "T"}
    reply = render(pool, "a.html", **request)
    assert (reply["text"], reply["dropped"]) == ("<main></main>", [])
    assert [each["reason"] for each in reply["dropped_patches"]] == ["only JSON can be patched"] * 2
    assert render(pool, "a.json", context={"title": "T"})["text"] == '{"title": "T", "meta": {}}'


def test_output_is_bounded(stage: Stage) -> None:
    piece = "x" * 100_000
    source = "{% for i in range(n) %}{{ piece }}{% endfor %}"
    pool = stage.theme({"a.html": source})
    fitting = limits.OUTPUT_CHARACTERS // len(piece)
    assert render(pool, context={"piece": piece, "n": fitting + 1})["error"]["kind"] == "CallError"
