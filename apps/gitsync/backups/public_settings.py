"""The settings that a backup holds: those on a list of what is no secret. Pure."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Final

PUBLIC: Final = (
    "remote",
    "branch",
    "environments",
    "environment",
    "console",
    "https",
    "hosts",
    "port",
    "pull_minutes",
    "asset_megabytes",
    "image_megabytes",
    "sandbox",
    "require_signatures",
    "first_signer",
    "backup_folder",
    "backup_keep",
)
HEADING: Final = "# Settings of this node at the time of the backup, without secrets.\n"
RESTORED: Final = "\n# From a backup.\n"


def public_remote(remote: str) -> str:
    """Without the name and the password that an https URL may have."""
    return re.sub(r"^(https?://)[^/@]*@", r"\1", remote)


def public_settings(given: Mapping[str, object]) -> str:
    """As TOML."""
    values = {key: given[key] for key in PUBLIC if key in given}
    if isinstance(remote := values.get("remote"), str):
        values["remote"] = public_remote(remote)
    return HEADING + "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())


def added(own: str, backup: str) -> str:
    """The node's settings file with what it does not say itself; what it says stays, every secret
    among it. Raises ValueError for a text that is not TOML."""
    known, others = tomllib.loads(own), tomllib.loads(backup)
    new = {key: others[key] for key in PUBLIC if key in others and key not in known}
    if not new:
        return own
    text = own + RESTORED + "".join(f"{key} = {_toml(value)}\n" for key, value in new.items())
    if tomllib.loads(text) != known | new:
        raise ValueError("the settings of the backup cannot be written here")
    return text


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_toml(key)} = {_toml(value[key])}' for key in value)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
