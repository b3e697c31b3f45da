"""A value that is not told: what prints, formats, copies to JSON or pickles it shows its name only.

Python cannot wipe memory; what counts is that the plain text is asked for in one place each time.
"""

import hmac
from typing import Any, Final, NoReturn, final

SHOWN: Final = "Secret(•••)"


@final
class Secret:
    """`reveal` is the only way to the text. Equality takes as long whatever differs."""

    __slots__ = ("__text",)
    __text: str

    def __init__(self, text: str) -> None:
        object.__setattr__(self, f"_{Secret.__name__}__text", text)

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return SHOWN

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        mine, theirs = (each.reveal().encode("utf-8", "surrogatepass") for each in (self, other))
        return hmac.compare_digest(mine, theirs)

    def __hash__(self) -> int:
        return hash(Secret)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> "Secret":
        return self

    def __setattr__(self, *_: object) -> NoReturn:
        raise AttributeError("a secret cannot be changed")

    __delattr__ = __setattr__

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret is not written out")

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a secret is not written out")
