"""Tells what a worker finds around it."""

import os
import sys
from collections.abc import Callable
from typing import Any

from apps.runtime import kernel
from apps.runtime.confinement import SOCKET


def open(setup: Any) -> Callable[[Any], Any]:
    return lambda request: {
        "environment": len(os.environ),
        "environment is empty": kernel.environment_is_empty(),
        "other descriptors": [number for number in range(1024) if was_open(number)],
        "parent": os.getppid(),
        "path": sys.path,
        "modules": sorted(name for name in sys.modules if "django" in name),
    }


def was_open(descriptor: int) -> bool:
    """By closing it, the one thing about a descriptor that a worker may ask the kernel."""
    try:
        if descriptor != SOCKET:
            os.close(descriptor)
    except OSError:
        return False
    return descriptor != SOCKET
