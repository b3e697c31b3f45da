"""What happens at the elements that one pass over a page comes by. Without the HTML library."""

from apps.content.allowance import Allowance
from apps.content.transforms import Edit, Element, RefusedError


class Visit:
    """One pass. An element is accepted while its own handlers run, and only then.

    So a transform's selector never becomes part of another selector, which it might end.
    """

    def __init__(self, edit: Edit, spent: Allowance) -> None:
        self.edit = edit
        self._spent = spent
        self.accepted = False
        self.done = 0
        self.refused = ""

    def enter(self, element: Element, /) -> None:
        self.accepted = True

    def leave(self, element: Element, /) -> None:
        self.accepted = False

    def act(self, element: Element, /) -> None:
        accepted, self.accepted = self.accepted, False
        if accepted:
            self.carry_out(element)

    def carry_out(self, element: Element, /) -> None:
        try:
            self.edit.carry_out(element)
        except RefusedError as error:
            self.refused = str(error)
            return
        self.done += 1
        self._spent.take(self.edit.size)


class Beside(Visit):
    """One of several in a pass, none of which can take the element away from the others."""

    def __init__(self, edit: Edit, spent: Allowance, first: "Beside | None") -> None:
        super().__init__(edit, spent)
        self._first = first or self

    def act(self, element: Element, /) -> None:
        if self._first.accepted:
            self.carry_out(element)
