"""`settings.toml` as a file: written on the first start, with a fresh secret; read; and the line
of a key, for what is said of it."""

import os
import re
import secrets
from pathlib import Path

PREFIX = "WHISPERCMS_"
SECRET_LENGTH = 50

TEMPLATE = """\
# Settings of this WhisperCMS installation. Every key can also be given in the environment,
# in capitals and with the prefix WHISPERCMS_ (port: PORT); the environment wins.

# URL or path of the site's Git repository. Without it the bundled demo site is served.
# remote = "https://example.org/site.git"

# The branch to serve. Without it: the default branch of the remote.
# branch = "main"

# Names for branches, and the one that this node serves. Without them: the branch above.
# environments = {{preview = "preview", main = "main"}}
# environment = "main"

# Whether the administration console is mounted at /admin/. Without it: in development only.
# console = false

# Host names under which the console answers.
# hosts = ["localhost"]

# Signs sessions and tokens. Made for this installation; keep it to yourself.
secret_key = "{secret}"
"""


class SettingsError(Exception):
    """A setting is unusable. Names the place (file and line, or variable) and the remedy."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place, self.problem, self.remedy = place, problem, remedy
        super().__init__(f"{place}: {problem}. {remedy}")


def generate(path: Path) -> None:
    """Whole or not at all, readable by its owner only; a second process that was first wins."""
    text = TEMPLATE.format(secret=secrets.token_urlsafe(SECRET_LENGTH))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise SettingsError(
            str(path),
            f"cannot be written ({error.strerror})",
            f"Point {PREFIX}STATE at a folder that this user may write to",
        ) from error


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), f"cannot be read ({error})", "Mend or remove it") from error


def line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return 1
