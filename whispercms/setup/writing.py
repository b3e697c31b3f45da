"""The settings of this installation, with what setup has found out: one file, whole or not at all;
everything else that stands in it stays."""

import json
import os
import tomllib
from pathlib import Path
from typing import Final

from whispercms.settings_file import SettingsError, generate, line_of, read
from whispercms.setup.answers import Answers
from whispercms.setup.checks import KEYS, located

OWNER_ONLY: Final = 0o600


def settings_of(answers: Answers) -> dict[str, str]:
    """Pure. What was not said is not written."""
    texts = {name: getattr(answers, name) for name in KEYS}
    values = {"remote": located(answers.where)}
    values |= {name: str(Path(text).expanduser()) for name, text in texts.items() if text}
    return values | ({"branch": answers.branch} if answers.branch else {})


def write_settings(path: Path, values: dict[str, str]) -> None:
    """Raises SettingsError; then the file is as it was."""
    if not path.exists():
        generate(path)
    made = _with(path, read(path), values)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.touch(mode=OWNER_ONLY)
        draft.write_text(made, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise SettingsError(
            str(path), f"cannot be written ({error.strerror})", "Give this user the right to"
        ) from error


def _with(path: Path, text: str, values: dict[str, str]) -> str:
    """Above everything else, where no table has begun yet. Raises SettingsError."""
    lines = "".join(f"{key} = {json.dumps(text)}\n" for key, text in values.items())
    try:
        before, made = tomllib.loads(text), f"{lines}\n{text}"
        if there := sorted(before.keys() & values.keys()):
            place = f"{path}:{line_of(text, there[0])}"
            raise SettingsError(place, f"{there[0]} is set already", "Remove the line")
        if tomllib.loads(made) == {**before, **values}:
            return made
        problem = "the answers cannot be written into it"
    except ValueError as error:
        problem = f"is not TOML ({error})"
    raise SettingsError(str(path), problem, "Mend the file by hand")
