"""What an extension may be called: its folder, and what stands for it in lists, locks and keys."""

import re
from typing import Final

NAME: Final = r"[a-z][a-z0-9-]{0,63}"
ID: Final = re.compile(NAME)


def checked(name: str) -> str:
    """The name itself. Raises ValueError."""
    if ID.fullmatch(name) is None:
        raise ValueError("must start with a letter and have a-z, 0-9 and - only, at most 64")
    return name
