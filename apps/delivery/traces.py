"""What happened to one request, for logs and for the authors of extensions. Pure."""

from dataclasses import dataclass, field

FAILED, SKIPPED, DROPPED = "failed", "skipped", "dropped"

STEPS_EACH = 20
UNTOLD = "and more of which nothing is told"


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
    fault: str = ""
    """Why there was no page at all."""

    def keep(self, made: object) -> None:
        """What a phase made of its proposals: only a closer look at one request keeps it."""

    def summary(self) -> str:
        """Of what was kept; nothing where nothing is."""
        return ""

    def note(self, by: str, what: str, detail: str = "") -> None:
        """Of one extension so many as an author can read; more would only fill the log."""
        told = sum(step.by == by for step in self.steps)
        if told < STEPS_EACH:
            self.steps.append(Step(by, what, detail))
        elif told == STEPS_EACH:
            self.steps.append(Step(by, what, UNTOLD))

    def failure(self, by: str, detail: str) -> None:
        """Something did not work as meant: the response must not be kept for others."""
        self.failed.add(by)
        self.note(by, FAILED, detail)

    def skip(self, by: str, detail: str) -> None:
        """It was not asked: the response must not be kept for others either."""
        self.failed.add(by)
        self.note(by, SKIPPED, detail)
