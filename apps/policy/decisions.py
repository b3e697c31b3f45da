"""What comes of asking: allow or deny, why, and by which policies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

UNPERMITTED: Final = "no policy allows it"


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` is for logs and people; `policies` are the names of those that decided.

    Any of `errors` is a denial, whatever the policies said.
    """

    allowed: bool
    reason: str
    policies: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def denied(reason: str, errors: Sequence[str] = ()) -> Decision:
    return Decision(False, reason, (), tuple(errors))
