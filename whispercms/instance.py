"""This installation's own settings: `settings.toml`, over which the environment wins.

Read once, before Django is configured. On first start the file is written, with a fresh secret.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from apps.policy.secrets.references import Reference
from whispercms import own_files, referenced, web_settings
from whispercms.environments import Branches, decoded, resolved
from whispercms.setting_values import TRUE, boolean, choice, integer, texts
from whispercms.settings_file import (
    PREFIX,
    SECRET_LENGTH,
    SettingsError,
    generate,
    line_of,
    read,
)

__all__ = ["PREFIX", "SECRET_LENGTH", "TRUE", "Instance", "SettingsError", "load"]

WEBHOOK_LENGTH = 20
SECRETS = {"secret_key": SECRET_LENGTH, "webhook_secret": WEBHOOK_LENGTH}
PULL_MINUTES = (1, 24 * 60)
ASSET_MEGABYTES = (1, 4096)
PORTS = (1, 65535)
BACKUPS = (1, 1000)
BOUNDS = {
    **{"port": PORTS, "pull_minutes": PULL_MINUTES},
    **{"asset_megabytes": ASSET_MEGABYTES, "backup_keep": BACKUPS},
}
REQUIRED, PREFERRED = "required", "preferred"
OWN_PATHS = ("backup_folder", "local_secrets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The settings of one installation, decoded. `remote` is None for the demo site."""

    state: Path
    settings: Path
    secret_key: str = field(repr=False)
    remote: str | None = None
    branch: str | None = None
    environments: Branches | None = None
    environment: str | None = None
    console: bool = False
    development: bool = False
    https: bool = True
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    port: int = 8000
    pull_minutes: int = 5
    asset_megabytes: int = 64
    sandbox: str = REQUIRED
    ssh_key: Path | None = None
    known_hosts: Path | None = None
    ssh_config: Path | None = None
    https_credentials: Path | None = None
    https_certificates: Path | None = None
    ssh_key_passphrase: str | None = field(default=None, repr=False)
    age_key: Path | None = None
    local_secrets: Path | None = None
    signing_key: Path | Reference | None = None
    webhook_secret: str | Reference | None = field(default=None, repr=False)
    require_signatures: bool = False
    first_signer: str | None = None
    backup_folder: Path | None = None
    backup_keep: int = 7
    web: web_settings.Web = field(default_factory=web_settings.Web)
    given: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


FILE_KEYS = web_settings.KEYS | {f.name for f in fields(Instance)} - {
    *("state", "settings", "development", "given", "web"),
}


def load(environ: Mapping[str, str], *, development: bool) -> Instance:
    """Raises SettingsError. Writes `settings.toml` when there is none."""
    state = _path(environ.get(f"{PREFIX}STATE") or _default_state(environ), f"{PREFIX}STATE")
    named = environ.get(f"{PREFIX}SETTINGS")
    path = _path(named, f"{PREFIX}SETTINGS") if named else state / "settings.toml"
    values, places = _given(path, environ)
    plain = _opened(values, state, places)
    typed: dict[str, Any] = {key: _typed(key, value, places[key]) for key, value in plain.items()}
    typed.setdefault("console", development)
    # The console listens on this machine only, where there is no TLS.
    typed.setdefault("https", not (development or typed["console"]))
    typed.setdefault("sandbox", PREFERRED if development else REQUIRED)
    for key in own_files.KEYS:
        if isinstance(named := typed.get(key), str):
            locked = bool(typed.get("ssh_key_passphrase"))
            typed[key] = _own_file(key, named, places[key], with_passphrase=locked)
    if remote := typed.get("remote"):
        typed["remote"] = _remote(str(remote), places["remote"])
    if "secret_key" not in typed:
        raise SettingsError(
            str(path), "there is no secret_key", f"Add one, or set {PREFIX}SECRET_KEY"
        )
    web = web_settings.web(typed, places)
    typed = {key: value for key, value in typed.items() if key not in web_settings.KEYS}
    typed |= {"state": state, "settings": path, "development": development, "given": values}
    instance = Instance(**typed, web=web)
    _check_environments(instance, places)
    _check_exposure(instance, places)
    return instance


def _given(path: Path, environ: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Every setting that the file or the environment has, and where."""
    if not path.exists():
        generate(path)
    text = read(path)
    values = _decode_file(path, text)
    places = {key: f"{path}:{line_of(text, key)}" for key in values}
    for key in FILE_KEYS:
        variable = "PORT" if key == "port" else f"{PREFIX}{key.upper()}"
        if variable in environ:
            values[key] = environ[variable]
            places[key] = variable
    return values, places


def _opened(
    values: Mapping[str, object], state: Path, places: Mapping[str, str]
) -> dict[str, object]:
    try:
        return referenced.opened(values, state)
    except referenced.Unresolved as error:
        raise SettingsError(places[error.key], error.problem, error.remedy) from error


def _check_environments(instance: Instance, places: Mapping[str, str]) -> None:
    try:
        resolved(instance.environments, instance.environment, instance.branch)
    except ValueError as error:
        place = places.get("environment") or places.get("environments") or str(instance.settings)
        remedy = f"Set environment, or {PREFIX}ENVIRONMENT, to the name of one"
        raise SettingsError(place, f"{error}", remedy) from error


def _check_exposure(instance: Instance, places: Mapping[str, str]) -> None:
    """Passwords and drafts do not go over a network in plain."""
    web = instance.web
    if not instance.console or web.address is None or ip_address(web.address).is_loopback:
        return
    if web.tls_certificate is None and not (instance.https and web.trusted_proxies):
        problem = f"puts the console on {web.address}, where it can be reached without TLS"
        remedy = "Name tls_certificate and tls_key, or https = true and proxies that have TLS"
        raise SettingsError(places["address"], problem, remedy)


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
                f"{path}:{line_of(text, key)}", f"unknown key {key!r}", f"The keys are: {known}"
            )
    return values


def _typed(key: str, value: object, place: str) -> object:
    if key in ("console", "https", "require_signatures"):
        return boolean(value, place)
    if key in BOUNDS:
        return integer(value, BOUNDS[key], place)
    if key == "sandbox":
        return choice(value, (REQUIRED, PREFERRED), place)
    if key == "hosts":
        return texts(value, place, "host names", 'hosts = ["example.org"]')
    if key in web_settings.KEYS:
        return web_settings.typed(key, value, place)
    if key == "environments":
        return _environments(value, place)
    return value if isinstance(value, Reference) else _text(key, value, place)


def _text(key: str, value: object, place: str) -> object:
    if not isinstance(value, str):
        raise SettingsError(place, "is not text", "Put it in quotes")
    value = value.strip()
    least = SECRETS.get(key, 0)
    if len(value) < least and (value or key == "secret_key"):
        raise SettingsError(
            place,
            f"has {len(value)} characters, {least} are the least",
            'Make one: python -c "import secrets; print(secrets.token_urlsafe(50))"',
        )
    decode = {"first_signer": _first_signer, **dict.fromkeys(OWN_PATHS, _path)}.get(key)
    return (decode(value, place) if decode and value else value) or None


def _own_file(key: str, value: str, place: str, *, with_passphrase: bool) -> Path:
    path = _path(value, place)
    try:
        own_files.check_file(key, path, with_passphrase=with_passphrase)
    except own_files.UnfitFile as error:
        raise SettingsError(place, error.problem, error.remedy) from error
    return path


def _first_signer(value: str, place: str) -> str:
    try:
        return own_files.signers(value)
    except own_files.UnfitFile as error:
        raise SettingsError(place, error.problem, error.remedy) from error


def _environments(value: object, place: str) -> Branches | None:
    try:
        return decoded(value) if value != "" else None
    except ValueError as error:
        remedy = 'Write environments = {preview = "preview", main = "main"}'
        raise SettingsError(place, f"{error}", remedy) from error
