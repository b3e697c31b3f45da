"""Sets this installation up: looks at the answers, founds what is new, writes the settings, and
asks whoever serves to begin again with them. For the command and for the console."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apps.gitsync.git.commits import Author
from apps.gitsync.local import storage
from whispercms.reports import again_file
from whispercms.setup import resuming
from whispercms.setup.answers import Answers
from whispercms.setup.checks import Found, all_checks, located
from whispercms.setup.founding import found
from whispercms.setup.writing import settings_of, write_settings


class NotSetUp(Exception):
    """Nothing was changed; `checks` say what is wrong."""

    def __init__(self, checks: tuple[Found, ...]) -> None:
        self.checks = checks
        super().__init__("; ".join(f"{c.told}. {c.remedy}" for c in checks if not c.is_well))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """`settings` are what was written, or would be."""

    checks: tuple[Found, ...]
    settings: dict[str, str]
    commit: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "checks": [each.as_json() for each in self.checks],
            "settings": self.settings,
            "commit": self.commit,
        }


def set_up(
    answers: Answers, *, state: Path, settings: Path, author: Author, dry_run: bool = False
) -> SetUp:
    """Raises NotSetUp, GitFault and SettingsError. Killed in between, it can be done again."""
    checks = tuple(all_checks(answers, state))
    if not all(each.is_well for each in checks):
        raise NotSetUp(checks)
    done = SetUp(checks=checks, settings=settings_of(answers))
    if dry_run:
        return done
    commit = None
    if answers.is_new:
        with storage():
            commit = found(answers, Path(located(answers.where)), author)
    write_settings(settings, done.settings)
    resuming.forget(state)
    again_file().touch()
    return replace(done, commit=commit)
