"""Numbers as SOPS hashes them: as Go writes them, in decimals and without an exponent. Pure."""

import re
from decimal import Decimal
from math import isfinite
from typing import Final

from apps.policy.secrets.tree import FLOAT, INT, Leaf

INT64: Final = range(-(2**63), 2**63)
INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")


class NotExact(ValueError):
    """Tools would read different numbers."""


def integer(text: str) -> Leaf:
    """Raises NotExact."""
    if INTEGER.fullmatch(text) is None or int(text) not in INT64:
        raise NotExact
    return Leaf(INT, str(int(text)))


def real(text: str) -> Leaf:
    """Raises NotExact."""
    value = float(text) if NUMBER.fullmatch(text) else float("inf")
    if not isfinite(value):
        raise NotExact
    plain = format(Decimal(repr(value)), "f")
    return Leaf(FLOAT, plain.removesuffix(".0"))
