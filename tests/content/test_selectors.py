"""Which selectors are cheap is judged on the safe side."""

from apps.content.selectors import is_cheap
from tests.tables import each_of

CHEAP = r"""
p
a > b ~ c + d
:not(.a)
:is( h1 , h2 ) b
:not(:is(.a))
\31 a
a[href^='http']:not([rel])
:not([class~="a"])
:is([a="b] c, d"])
:not([a="\"])\\("])
:is([a="\"] b "])
""".strip().splitlines()
COSTLY = r"""
:not(a b)
:not(a>b)
:not(:is(a) b)
:is(a~b)
:is(a +b)
:is(> a)
:is(a,> b)
:is([x] a)
:is(a/**/b)
:is(a\ b)
:is(:is(a) :is(b))
""".strip().splitlines()
UNCLEAR = r"""
(
)(
a(
:is(a b
:is([a=')'] b)
:is([a=b'] b, [c='x'])
:is([a='"'] b "')
:is([a=b'] b, [c='])
:is(')', a b)
:is([a="\\"] b c"])
:is([a='\'] b])
""".strip().splitlines()


@each_of("selector", CHEAP)
def test_parts_in_parentheses_that_look_at_one_element_are_cheap(selector: str) -> None:
    assert is_cheap(selector)


@each_of("selector", [*COSTLY, *UNCLEAR, ":is(a\nb)"])
def test_what_looks_around_or_cannot_be_told_apart_is_not(selector: str) -> None:
    assert not is_cheap(selector)
