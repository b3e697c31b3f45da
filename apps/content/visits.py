"""What happens at the elements that one pass over a page comes by. Without the HTML library."""

from collections.abc import Callable, Sequence

from apps.content.allowance import Allowance
from apps.content.transforms import Edit, Element, RefusedError


class Visit:
    """One pass. An element is accepted while its own handlers run, and only then.

    So a transform's selector never becomes part of another selector, which it might end. `enter`
    and `leave` are called for nearly each element of a page, so they are a set's own.
    """

    def __init__(self, edit: Edit, spent: Allowance) -> None:
        self.edit = edit
        self._spent = spent
        self.accepted: set[Element] = set()
        self.enter: Callable[[Element], None] = self.accepted.add
        self.leave: Callable[[Element], None] = self.accepted.discard
        self.done = 0
        self.refused = ""

    def act(self, element: Element, /) -> None:
        if element in self.accepted:
            self.accepted.discard(element)
            self.carry_out(element)

    def carry_out(self, element: Element, /) -> None:
        try:
            self.edit.carry_out(element)
        except RefusedError as error:
            self.refused = str(error)
            return
        self.done += 1
        self._spent.take(self.edit.size)


class Together:
    """Several of one selector in a pass that others share as well: none of them can take the
    element away from the others. `first` is the one that is told what is accepted."""

    def __init__(self, visits: Sequence[Visit], first: Visit) -> None:
        self._visits = visits
        self._accepted = first.accepted

    def act(self, element: Element, /) -> None:
        if element in self._accepted:
            for visit in self._visits:
                visit.carry_out(element)
