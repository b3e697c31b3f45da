"""One run of the measurements: its folder, its site, and an environment that is nobody else's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import sites
from bench.processes import Cores, cores
from bench.sites import Site

ROUNDS, QUICK_ROUNDS = 15, 5
FOREIGN = ("WHISPERCMS_", "DJANGO_", "GIT_", "PYTHONDONTWRITEBYTECODE")
"""Without its compiled modules a start would be measured that compiles them anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What all measurements share. The folder goes with the run."""

    folder: Path
    site: Site
    cores: Cores
    rounds: int = ROUNDS
    """Of targets that take turns. A disturbance is rarely as long as half of them."""
    _numbers: Iterator[int] = field(default_factory=count)

    def state(self) -> Path:
        """A fresh, empty state folder."""
        path = self.folder / f"state-{next(self._numbers)}"
        path.mkdir()
        return path

    def environment(self, state: Path, site: Site) -> dict[str, str]:
        """Of a node that serves the site from the state folder and says so to the public."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        return {
            **ours,
            "WHISPERCMS_STATE": str(state),
            "WHISPERCMS_REMOTE": str(site.remote),
            "WHISPERCMS_CONSOLE": "0",
            # A pull that falls into one turn and not into the next would be measured as the page's.
            "WHISPERCMS_PULL_MINUTES": "1440",
        }


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder that goes with whatever is measured in it."""
    with TemporaryDirectory(prefix="whispercms-bench-") as name:
        yield Path(name)


@contextmanager
def new_run(rounds: int = ROUNDS) -> Iterator[Run]:
    with temporary() as folder:
        site = sites.rust_blog(folder)
        if site is None:
            print("The rust blog is not at hand (../shared/corpora/rust-blog.bundle).")
            site = sites.generated(folder)
        print(f"Measured on {site.title}.\n", flush=True)
        yield Run(folder=folder, site=site, cores=cores(), rounds=rounds)
