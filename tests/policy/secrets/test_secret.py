"""A secret is not told by whatever writes values down."""

import copy
import json
import logging
import pickle
import pprint
import traceback
from dataclasses import asdict, astuple, dataclass, field

import orjson
import pytest
import structlog
from django.views.debug import ExceptionReporter

from apps.policy.secrets.secret import Secret
from tests.tables import each_of

PLAIN = "pl4in-t3xt"
SECRET = Secret(PLAIN)


@dataclass(frozen=True)
class Holder:
    secret: Secret
    more: dict[str, Secret] = field(default_factory=dict)


HOLDER = Holder(SECRET, {"a": SECRET})


def test_it_is_revealed_to_who_asks() -> None:
    assert SECRET.reveal() == PLAIN


@each_of(
    "told",
    [
        *(repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET!s:>40}", f"{SECRET!r}"),
        *("%s %r".__mod__((SECRET, SECRET)), f"{SECRET!a}", pprint.pformat(HOLDER), repr(HOLDER)),
        *(repr(asdict(HOLDER)), repr(astuple(HOLDER)), repr(copy.deepcopy(HOLDER))),
        *(repr(copy.copy(SECRET)), json.dumps({"a": SECRET}, default=repr)),
        *(json.dumps({"a": SECRET}, default=str), orjson.dumps([SECRET], default=str).decode()),
        *(repr(SECRET.__dir__()), repr(Exception(SECRET)), str(KeyError(SECRET))),
    ],
)
def test_nothing_that_prints_tells_it(told: str) -> None:
    assert PLAIN not in told and told


@each_of(
    "act",
    [
        *(lambda: pickle.dumps(SECRET), lambda: pickle.dumps(HOLDER), lambda: json.dumps(SECRET)),
        *(lambda: orjson.dumps(SECRET), lambda: vars(SECRET), lambda: bytes(SECRET)),  # type: ignore[call-overload]
        *(lambda: SECRET + "", lambda: "".join([SECRET]), lambda: [*SECRET], lambda: len(SECRET)),  # type: ignore[operator,list-item,misc,arg-type]
        lambda: SECRET.__getstate__(),
    ],
)
def test_what_would_write_it_out_fails(act: object) -> None:
    with pytest.raises(TypeError) as caught:
        act()  # type: ignore[operator]
    assert PLAIN not in str(caught.value)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        SECRET.reveal = str  # type: ignore[method-assign]
    with pytest.raises(AttributeError):
        del SECRET.reveal


def test_equality_is_of_the_text_and_tells_no_more() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a" and Secret("\udcff") == Secret("\udcff")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_neither_logs_nor_error_pages_tell_it(caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []
    for last in (structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer()):
        lines.append(
            str(last(logging.getLogger(), "info", {"event": "x", "s": SECRET, "h": HOLDER}))
        )
    logging.getLogger("x").warning("%s %r", SECRET, HOLDER)
    try:
        inner = SECRET
        raise ValueError(inner)
    except ValueError as error:
        page = ExceptionReporter(None, type(error), error, error.__traceback__)
        lines += [page.get_traceback_html(), page.get_traceback_text(), traceback.format_exc()]
    assert "Secret(" in lines[2]
    assert PLAIN not in "".join([*lines, caplog.text])
