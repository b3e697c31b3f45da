"""What happened to one request, for logs and for the authors of extensions. Pure."""

from dataclasses import dataclass, field

FAILED, SKIPPED, DROPPED = "failed", "skipped", "dropped"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an extension did or that was done to its proposal."""

    by: str
    what: str
    detail: str = ""


@dataclass(slots=True)
class Trace:
    """Grows while its request is answered; belongs to one request alone."""

    steps: list[Step] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def note(self, by: str, what: str, detail: str = "") -> None:
        self.steps.append(Step(by, what, detail))

    def failure(self, by: str, detail: str) -> None:
        """Something did not work as meant: the response must not be kept for others."""
        self.failed.add(by)
        self.note(by, FAILED, detail)

    def skip(self, by: str, detail: str) -> None:
        """It was not asked: the response must not be kept for others either."""
        self.failed.add(by)
        self.note(by, SKIPPED, detail)
