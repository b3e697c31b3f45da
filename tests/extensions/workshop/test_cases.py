"""Cases are read whole, and what is wrong with them is told with its line."""

from types import MappingProxyType

import pytest

from apps.extensions import limits
from apps.extensions.finding import SITE, ExtensionFiles, Kind
from apps.extensions.workshop.cases import read_cases
from tests.tables import each_of


def read(text: str, kind: Kind = "plugin") -> list[str]:
    files = MappingProxyType({"tests/a.toml": text.encode(), "other.toml": b"["})
    found, problems = read_cases(ExtensionFiles(kind, "tried", SITE, files))
    assert len(found) + len(problems) > 0
    return [f"{p.line} {p.reason}" for p in problems]


GOOD = '[[case]]\nname = "x"\nexpect = []\n'
SHOWN = '[[case]]\nname = "x"\nroute = "page"\n'


def test_good_ones_are_read() -> None:
    assert read(GOOD) == [] and read(SHOWN, "theme") == []


@each_of(
    ("text", "told"),
    [
        ("[[case]", "1 this is not TOML"),
        ("case = 1", "1 there is no [[case]]"),
        (GOOD + 'colour = "red"\n', "4 colour: is not known here"),
        ("about = 1\n" + GOOD, "1 about: is not known"),
        ("[[case]]\nexpect = []\n", "1 name: is missing"),
        ('[[case]]\nname = "x"\n', "1 say what to expect"),
        (GOOD + 'refused = "x"\n', "1 say what to expect"),
        (GOOD + 'event = "content.saved"\n', "4 event: must be one of"),
        (GOOD + 'html = "a"\nmarkdown = "b"\n', "1 markdown and html are two bodies"),
        (GOOD + '[case.content]\ntitel = "x"\n', "1 content.titel is not known; there is authors"),
        ('[[case]]\nname = "x"\nexpect = [{ status = 1 }]\n', "3 expect: status must be"),
        ('[[case]]\nname = "x"\nexpect = [1]\n', "3 expect: must be a list of tables"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, told: str) -> None:
    (problem,) = read(text)
    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('template = "x.html"\n', "say what to show"),
        ('[case.expect]\nhas = ["x"]\n', "expect.has: is not known here"),
        ('[case.page]\ntitel = "x"\n', "page.titel is not known"),
        ('[case.expect]\ncount = { h1 = "one" }\n', "expect.count.h1: "),
    ],
)
def test_the_cases_of_themes_are_held_against_their_form(more: str, told: str) -> None:
    (problem,) = read(SHOWN + more, "theme")
    assert told in problem


def test_there_are_so_many_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CASES", 2)
    assert read(GOOD * 2) == []
    assert "over 2 cases" in read(GOOD * 3)[0]
