"""Begins an extension: copies the smallest one that works, with its cases, under a new name."""

import re
import shutil
from pathlib import Path
from typing import Final

from apps.extensions.finding import Kind
from apps.extensions.names import checked

SKELETONS: Final = Path(__file__).with_name("skeletons")
_OWN_NAME: Final = re.compile(r'^id = "skeleton"$', re.M)


class CannotBegin(Exception):
    """Nothing was written."""


def begin(kind: Kind, name: str, site: Path) -> Path:
    """The new folder, `plugins/<name>` or `themes/<name>` of the site's. Raises CannotBegin."""
    try:
        checked(name)
    except ValueError as error:
        raise CannotBegin(f"{name[:80]!r} is no name of an extension: it {error}") from error
    folder = site / f"{kind}s" / name
    if not site.is_dir():
        raise CannotBegin(f"there is no folder {site}")
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise CannotBegin(f"{folder} is there already; choose another name") from error
    except OSError as error:
        raise CannotBegin(f"{folder} cannot be written ({error.strerror})") from error
    try:
        _copy(SKELETONS / kind, folder, name)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotBegin(f"{folder} cannot be written ({error.strerror})") from error
    return folder


def _copy(skeleton: Path, folder: Path, name: str) -> None:
    for source in sorted(skeleton.rglob("*")):
        target = folder / source.relative_to(skeleton)
        if source.is_dir():
            target.mkdir()
        else:
            text = source.read_text(encoding="utf-8")
            target.write_text(_OWN_NAME.sub(f'id = "{name}"', text), encoding="utf-8")
