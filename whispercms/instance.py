"""This installation's own settings: `settings.toml`, over which the environment wins.

Read once, before Django is configured. On first start the file is written, with a fresh secret.
"""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PREFIX = "WHISPERCMS_"
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})
SECRET_LENGTH = 50
PULL_MINUTES = (1, 24 * 60)
ASSET_MEGABYTES = (1, 4096)
PORTS = (1, 65535)
BOUNDS = {"port": PORTS, "pull_minutes": PULL_MINUTES, "asset_megabytes": ASSET_MEGABYTES}
REQUIRED, PREFERRED = "required", "preferred"

TEMPLATE = """\
# Settings of this WhisperCMS installation. Every key can also be given in the environment,
# in capitals and with the prefix WHISPERCMS_ (port: PORT); the environment wins.

# URL or path of the site's Git repository. Without it the bundled demo site is served.
# remote = "https://example.org/site.git"

# The branch to serve. Without it: the default branch of the remote.
# branch = "main"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The settings of one installation, decoded. `remote` is None for the demo site."""

    state: Path
    settings: Path
    secret_key: str
    remote: str | None = None
    branch: str | None = None
    console: bool = False
    development: bool = False
    https: bool = True
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    port: int = 8000
    pull_minutes: int = 5
    asset_megabytes: int = 64
    sandbox: str = REQUIRED


FILE_KEYS = frozenset(f.name for f in fields(Instance)) - {"state", "settings", "development"}


def load(environ: Mapping[str, str], *, development: bool) -> Instance:
    """Raises SettingsError. Writes `settings.toml` when there is none."""
    state = _path(environ.get(f"{PREFIX}STATE") or _default_state(environ), f"{PREFIX}STATE")
    named = environ.get(f"{PREFIX}SETTINGS")
    path = _path(named, f"{PREFIX}SETTINGS") if named else state / "settings.toml"
    if not path.exists():
        _generate(path)
    text = _read(path)
    values = _decode_file(path, text)
    places = {key: f"{path}:{_line(text, key)}" for key in values}
    for key in FILE_KEYS:
        variable = "PORT" if key == "port" else f"{PREFIX}{key.upper()}"
        if variable in environ:
            values[key] = environ[variable]
            places[key] = variable
    typed: dict[str, Any] = {key: _typed(key, value, places[key]) for key, value in values.items()}
    typed.setdefault("console", development)
    # The console listens on this machine only, where there is no TLS.
    typed.setdefault("https", not (development or typed["console"]))
    typed.setdefault("sandbox", PREFERRED if development else REQUIRED)
    if remote := typed.get("remote"):
        typed["remote"] = _remote(str(remote), places["remote"])
    if "secret_key" not in typed:
        raise SettingsError(
            str(path), "there is no secret_key", f"Add one, or set {PREFIX}SECRET_KEY"
        )
    return Instance(state=state, settings=path, development=development, **typed)


def _path(text: str | Path, place: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(place, f"{error}", "Write the whole path") from error


def _remote(text: str, place: str) -> str:
    """A path is taken from the current folder; a URL is left to Git."""
    if "://" in text or re.match(r"[\w.-]+@[\w.-]+:", text):
        return text
    return str(_path(text, place))


def _default_state(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_STATE_HOME") or Path(environ.get("HOME", "~")) / ".local" / "state"
    return Path(base) / "whispercms"


def _generate(path: Path) -> None:
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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), f"cannot be read ({error})", "Mend or remove it") from error


def _decode_file(path: Path, text: str) -> dict[str, object]:
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        place = f"{path}:{found[1]}" if found else str(path)
        raise SettingsError(place, f"is not TOML ({error})", "Mend the line") from error
    for key in sorted(values):
        if key not in FILE_KEYS:
            known = ", ".join(sorted(FILE_KEYS))
            raise SettingsError(
                f"{path}:{_line(text, key)}", f"unknown key {key!r}", f"The keys are: {known}"
            )
    return values


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return 1


def _typed(key: str, value: object, place: str) -> object:
    if key in ("console", "https"):
        return _boolean(value, place)
    if key in BOUNDS:
        return _integer(value, BOUNDS[key], place)
    if key == "sandbox":
        return _sandbox(value, place)
    if key == "hosts":
        return _names(value, place)
    if not isinstance(value, str):
        raise SettingsError(place, "is not text", "Put it in quotes")
    value = value.strip()
    if key == "secret_key" and len(value) < SECRET_LENGTH:
        raise SettingsError(
            place,
            f"has {len(value)} characters, {SECRET_LENGTH} are the least",
            'Make one: python -c "import secrets; print(secrets.token_urlsafe(50))"',
        )
    return value or None


def _boolean(value: object, place: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise SettingsError(place, f"{value!r} is neither true nor false", "Use 1 or 0")


def _integer(value: object, bounds: tuple[int, int], place: str) -> int:
    low, high = bounds
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise SettingsError(place, f"{value!r} is out of range", f"Use a number from {low} to {high}")


def _sandbox(value: object, place: str) -> str:
    if isinstance(value, str) and value.strip() in (REQUIRED, PREFERRED):
        return value.strip()
    known = f"Use {REQUIRED} or {PREFERRED}"
    raise SettingsError(place, f"{value!r} is neither {REQUIRED} nor {PREFERRED}", known)


def _names(value: object, place: str) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(name.strip() for name in names if name.strip())
    raise SettingsError(place, "is not a list of host names", 'Write hosts = ["example.org"]')
