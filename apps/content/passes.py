"""Which transforms can be carried out in one pass over the page, with the same outcome. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from apps.content.bounds import MAX_TRANSFORMS

Numbered = tuple[int, Any]
"""A transform and its position."""

_STRING: Final = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_PSEUDO: Final = re.compile(r":(?!(?:is|not|where)\()")
_SIGNS: Final = {"class": ".", "id": "#"}
_CLASSES: Final = ("add_class", "remove_class")
_ATTRIBUTES: Final = ("set_attribute", "remove_attribute")


def passes(transforms: Sequence[Any], allowed: str) -> Iterator[tuple[Numbered, ...]]:
    """All of them in their order. Of those that share a pass each changes only an attribute which
    decides neither what the others touch nor what may be touched at all."""
    together: list[Numbered] = []
    for number, transform in enumerate(transforms):
        if together and not _joins(together, transform, allowed, number):
            yield tuple(together)
            together = []
        together.append((number, transform))
    if together:
        yield tuple(together)


def _joins(together: Sequence[Numbered], new: Any, allowed: str, number: int) -> bool:
    if number >= MAX_TRANSFORMS or _changed(new) is None:
        return False
    selector = new["selector"]
    for _, before in together:
        name = _changed(before)
        if name is None or _may_read(selector, name) or _may_read(allowed, name):
            return False
    return True


def _changed(transform: Any) -> str | None:
    """The one attribute that it changes; None where it may change anything else."""
    if not isinstance(transform, Mapping) or not isinstance(transform.get("selector"), str):
        return None
    op, name = transform.get("op"), transform.get("name")
    if op in _CLASSES:
        return "class"
    return name.lower() if op in _ATTRIBUTES and isinstance(name, str) and name else None


@lru_cache(maxsize=512)
def _may_read(selector: str, name: str) -> bool:
    """Whether the selector may look at the attribute. What cannot be told apart may."""
    if "\\" in selector or "/*" in selector or not selector.isprintable():
        return True
    rest = _STRING.sub("=", selector).lower()
    if any(sign in rest for sign in "\"'") or _PSEUDO.search(rest):
        return True
    return name in rest or _SIGNS.get(name, "\0") in rest
