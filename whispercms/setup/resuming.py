"""What was answered so far, so that setup goes on where it stopped. No secret is among it."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from whispercms.setup.answers import Answers, BadAnswer

NAME: Final = "setup.json"


def keep(state: Path, answers: Answers) -> None:
    """Whole or not at all. Raises OSError."""
    draft = state / f".{NAME}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(answers.as_json(), indent=2))
    draft.replace(state / NAME)


def kept(state: Path) -> Answers:
    """The defaults where nothing was answered, or where the file cannot be used."""
    with suppress(OSError, ValueError, TypeError, BadAnswer):
        return Answers.of_json(json.loads((state / NAME).read_text()))
    return Answers(where=str(state / "my-site"))


def forget(state: Path) -> None:
    (state / NAME).unlink(missing_ok=True)
