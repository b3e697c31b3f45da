"""What the transforms of one page may add and cost, by counting and not by the clock."""

from collections.abc import Mapping
from typing import Any

from apps.content.bounds import (
    FRAGMENT_COST,
    MAX_INSERTED,
    MAX_REWRITING,
    NESTING_COST,
    PASS_COST,
    SELECTOR_COST,
    elements,
    nesting,
)
from apps.content.transforms import RefusedError

Spent = tuple[int, int, str, int, int, int | None]


class Allowance:
    """What the transforms of one page may still add, and cost.

    How deep a page is nested takes longer to find out than to transform it. So as long as there is
    enough left, each pass is charged for the worst; where there is not, they get back the rest.
    """

    def __init__(self, html: str) -> None:
        self._left = MAX_INSERTED
        self._work = MAX_REWRITING
        self._suppose(html)

    def _suppose(self, html: str) -> None:
        self._page = html
        self._worst = self._nesting = elements(html) ** 2
        self._supposed: int | None = 0
        """Passes that were charged for the worst; None where the nesting is known."""

    def spent(self) -> Spent:
        return self._left, self._work, self._page, self._worst, self._nesting, self._supposed

    def restore(self, before: Spent) -> None:
        """As if nothing had been tried since."""
        self._left, self._work, self._page = before[:3]
        self._worst, self._nesting, self._supposed = before[3:]

    def work(self, html: str, transform: Any) -> None:
        """Before anything is done. What is too much leaves the rest to those that come after."""
        cost = _cost(len(html), transform)
        if cost + NESTING_COST * self._nesting > self._work:
            self._find_out()
        cost += NESTING_COST * self._nesting
        if cost > self._work:
            raise RefusedError("the transforms of this page would take too much work altogether")
        self._work -= cost
        if self._supposed is not None:
            self._supposed += 1

    def look_again(self, html: str, transform: Mapping[str, Any]) -> None:
        """Only HTML nests deeper."""
        if "html" in transform:
            self._find_out()
            self._suppose(html)

    def _find_out(self) -> None:
        if self._supposed is not None:
            self._nesting = nesting(self._page)
            self._work += self._supposed * NESTING_COST * (self._worst - self._nesting)
            self._supposed = None

    def take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise RefusedError(f"the transforms of a page may add {MAX_INSERTED:,} characters")


def _cost(page: int, transform: Any) -> int:
    given = transform if isinstance(transform, Mapping) else {}
    texts = {name: len(text) for name, text in given.items() if isinstance(text, str)}
    selector = texts.pop("selector", 0)
    return page * (PASS_COST + SELECTOR_COST * selector) + FRAGMENT_COST * sum(texts.values())
