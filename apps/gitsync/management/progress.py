"""Which step of a long work is being done, for a person at a terminal and for nobody else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(about: str) -> Iterator[Callable[[str], None]]:
    """What is handed out takes the name of each step as it begins. Writes to stderr."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    with console.status(escape(about)) as status:
        yield lambda step: status.update(escape(f"{about}: {step}"))
