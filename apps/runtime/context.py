"""What the parts of a start-up leave for those after them: written once, sealed before serving."""

from typing import TypeVar

Value = TypeVar("Value")


class ContextError(RuntimeError):
    """A late or a second write, or a value that nobody has written."""


class Context:
    """Values by their type. Writing is for start-up; reading needs no lock."""

    def __init__(self) -> None:
        self._values: dict[type[object], object] = {}
        self._sealed = False

    def put(self, value: object, kind: type[object] | None = None) -> None:
        """As a value of its own type, or of a `kind` above it. Raises ContextError when sealed or
        when there is such a value already."""
        kind = kind or type(value)
        if self._sealed:
            raise ContextError(f"{kind.__name__} comes too late: the context is sealed")
        if kind in self._values:
            raise ContextError(f"there is a {kind.__name__} already")
        self._values[kind] = value

    def get(self, kind: type[Value]) -> Value:
        """Raises ContextError when nothing of the kind was put."""
        value = self._values.get(kind)
        if not isinstance(value, kind):
            raise ContextError(f"no component has put a {kind.__name__}")
        return value

    def seal(self) -> None:
        self._sealed = True

    @property
    def sealed(self) -> bool:
        return self._sealed
