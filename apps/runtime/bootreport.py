"""What a start-up did, step by step, for logs, `manage.py bootreport` and tests. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One component's part in the start-up.

    `detail` holds what it has to say of itself, `values` what is better told by name.
    """

    name: str
    phase: str
    seconds: float
    detail: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BootReport:
    """`failure` is empty when everything is ready."""

    steps: tuple[Step, ...]
    failure: str = ""

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        return {
            "ready": not self.failure,
            "seconds": round(self.seconds, 4),
            "failure": self.failure,
            "steps": [
                {
                    "name": step.name,
                    "phase": step.phase,
                    "seconds": round(step.seconds, 4),
                    "detail": step.detail,
                    "values": dict(step.values),
                }
                for step in self.steps
            ],
        }
