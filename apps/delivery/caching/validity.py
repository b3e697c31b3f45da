"""Whether what a response was made from is still as it was: its facts are asked again."""

import sqlite3
from collections.abc import Iterable

from apps.content.reader import NotAsked
from apps.delivery.facts import OF_REQUEST, Fact
from apps.delivery.served import Served


def hold(facts: Iterable[Fact], served: Served) -> bool:
    """At the commit and moment that are served. False also where nobody can tell: then the response
    is made anew, and whatever is wrong comes out there."""
    observing = served.observing
    try:
        with observing.index.snapshot(lambda *_: None, observing.now) as reader:
            return reader.commit() == served.commit and all(
                fact.kind in OF_REQUEST or reader.ask(fact.kind, fact.asked) == fact.answer
                for fact in facts
            )
    except (sqlite3.Error, NotAsked):
        return False
