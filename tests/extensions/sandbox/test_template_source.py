"""What is wrong with templates and can be said without compiling them."""

import pytest

from apps.extensions import limits
from apps.extensions.sandbox.template_source import TemplateFault, check, pictures_named, resolve


def kinds(source: str) -> list[tuple[str, int]]:
    return [(fault.kind, fault.line) for fault in check({"a.html": source}, ())]


@pytest.mark.parametrize("operator", ["+", "-", "~", "*", "/", "//", " and ", " or ", "- -"])
def test_long_chains_of_operators_are_refused_with_their_line(operator: str) -> None:
    most = limits.EXPRESSION_OPERATORS // max(1, operator.count("-"))
    assert kinds("{{ 1" + (operator + "1") * most + " }}") == []
    assert kinds("\n{{ 1" + (operator + "1") * (most + 1) + " }}") == [("TooComplex", 2)]


def test_long_chains_of_not_and_of_elif_are_refused() -> None:
    assert kinds("{% if " + "not " * 251 + "x %}{% endif %}") == [("TooComplex", 1)]
    assert kinds("{% if x %}" + "{% elif x %}" * 250 + "{% endif %}") == []
    assert kinds("{% if x %}" + "{%- elif x %}" * 251 + "{% endif %}") == [("TooComplex", 1)]


def test_operators_in_text_comments_strings_and_raw_blocks_do_not_count() -> None:
    many = "+-" * 300
    raw = "{% raw %}{{ " + many + " }}{% endraw %}"
    assert kinds(many + "{# " + many + " #}{{ '" + many + "}}' }}" + raw) == []
    assert kinds("{# {{ #} {{ '}}' " + many + " }}") == [("TooComplex", 1)]


def test_templates_are_bounded_in_size_and_number() -> None:
    most = limits.TEMPLATE_BYTES
    assert kinds("x" * most) == []
    assert kinds("ä" * (most // 2 + 1)) == [("TooLarge", 0)]
    assert [f.kind for f in check({f"{i}": "" for i in range(limits.TEMPLATES + 1)}, ())] == [
        "TooMany"
    ]


def test_references_to_what_is_not_there_are_told_together() -> None:
    templates = {
        "a.html": "{% extends 'b.html' %}\n{% include \"no.html\" %}"
        "{% include 'x' ignore missing %}",
        "b.html": '{%- from "../b.html" import x -%}\n\n{{ asset("no.css") }}{{ asset("a.css") }}',
        "c/d.html": "{% include './e.html' %}{% include '../a.html' %}",
    }
    assert check(templates, ["a.css"]) == [
        TemplateFault(
            "a.html", 2, "TemplateNotFound", "there is no template 'no.html' in this theme"
        ),
        TemplateFault(
            "b.html", 1, "TemplateNotFound", "there is no template '../b.html' in this theme"
        ),
        TemplateFault("b.html", 3, "AssetNotFound", "there is no asset 'no.css' in this theme"),
        TemplateFault(
            "c/d.html", 1, "TemplateNotFound", "there is no template './e.html' in this theme"
        ),
    ]


@pytest.mark.parametrize(
    ("name", "parent", "found"),
    [
        ("a.html", "c/d.html", "a.html"),
        ("./a.html", "c/d.html", "c/a.html"),
        ("../a.html", "c/d.html", "a.html"),
        ("../../a.html", "c/d.html", "../../a.html"),
        ("./../c/./a.html", "c/d.html", "c/a.html"),
        ("/etc/passwd", "c/d.html", "/etc/passwd"),
    ],
)
def test_names_are_resolved_within_the_theme(name: str, parent: str, found: str) -> None:
    assert resolve(name, parent) == found


@pytest.mark.parametrize(
    "piece", ["{{", "{%", "{#", "'", '"', "{{ '", "{% raw %}", "asset(", "\\", '\\"']
)
def test_any_text_is_read_in_time_proportional_to_it(piece: str) -> None:
    for start in ("", "{{ ", '{{ "', "{% "):
        source = start + piece * (limits.TEMPLATE_BYTES // len(piece) - 2)
        assert check({"a.html": source}, ()) is not None


def test_recipes_that_the_manifest_does_not_declare_are_told() -> None:
    source = (
        '{% set a = image(page.image, \'card\') %}\n{{ image("/a.jpg", "no").src }}'
        "{% for x in list.items %}{{ image( x.image , 'no' ) }}{% endfor %}"
    )
    faults = check({"a.html": source}, (), ("card",))
    assert [(f.line, f.kind) for f in faults] == [(2, "ImageNotFound"), (2, "ImageNotFound")]
    assert check({"a.html": source}, (), ("card", "no")) == []


def test_pictures_that_templates_name_are_found() -> None:
    templates = {
        "a.html": "{{ image('media/a.jpg', 'x') }}{{ image(page.image, 'x') }}",
        "b.html": '{{ image( "b c.png" , name) }}{{ myimage("d.png", "x") }}',
    }
    assert pictures_named(templates) == ("b c.png", "media/a.jpg")
    long = "x" * (limits.PICTURE_CHARACTERS + 1)
    assert pictures_named({"a.html": "{{ image('" + long + "', 'x') }}"}) == ()
