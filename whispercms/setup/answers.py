"""What somebody says of the site that this installation is to serve. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

NEW, EXISTING = "new", "existing"
TITLE_CHARACTERS: Final = 200
TEXT_CHARACTERS: Final = 2_000
SAMPLES: Final[Mapping[str, str]] = {
    "single-author": "One author, or a few who trust each other: every account may do everything",
    "team": "A team: editors write, reviewers publish, you do the rest",
    "private-sections": "Sections that are for some people alone",
}


class BadAnswer(ValueError):
    """`field` is what it is about; `remedy` what to write instead."""

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        self.field, self.reason, self.remedy = field, reason, remedy
        super().__init__(f"{reason}. {remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`where` is the folder of a new repository, or the folder or URL of an existing one. Empty
    texts are what was not said."""

    kind: str = NEW
    where: str = ""
    title: str = "My site"
    sample: str = "single-author"
    branch: str = ""
    ssh_key: str = ""
    known_hosts: str = ""
    https_credentials: str = ""
    owner: str = ""

    @property
    def is_new(self) -> bool:
        return self.kind == NEW

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Self:
        """Of a file of our own, or of what a form sent; what it does not know is left out. Raises
        BadAnswer."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        for name, value in known.items():
            if not isinstance(value, str) or len(value) > TEXT_CHARACTERS or "\0" in value:
                raise BadAnswer(name, "this is no text, or too long", "Write it anew")
        made = cls(**{name: value.strip() for name, value in known.items()})
        _check(made)
        return made


def _check(answers: Answers) -> None:
    if answers.kind not in (NEW, EXISTING):
        raise BadAnswer("kind", "a repository is new or existing", "Choose one")
    if answers.sample not in SAMPLES:
        raise BadAnswer("sample", "there are no such policies", f"One of {', '.join(SAMPLES)}")
    title = answers.title
    if not title or len(title) > TITLE_CHARACTERS or not title.isprintable():
        reason = f"a title is one line of 1 to {TITLE_CHARACTERS} characters"
        raise BadAnswer("title", reason, "It can be changed at any time")
