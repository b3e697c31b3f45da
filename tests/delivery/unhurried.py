"""Extensions with all the time there is: what is compared is not how busy the machine was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from apps.extensions import plugins, specs

SECONDS = 60.0


@contextmanager
def unhurried() -> Iterator[None]:
    """For workers that are started meanwhile."""
    ample = {"cpu_seconds": SECONDS, "wall_seconds": SECONDS, "start_seconds": SECONDS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "PHASE_SECONDS", SECONDS)
        for name in ("PLUGIN_LIMITS", "THEME_LIMITS"):
            patch.setattr(specs, name, replace(getattr(specs, name), **ample))
        yield
