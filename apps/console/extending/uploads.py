"""Files that somebody sent and has not consented to yet: on this node's disk, as they came, each
for who sent it. Nothing is unpacked there."""

import re
import time
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Final

from django.conf import settings

from apps.console.extending.bounds import UPLOAD_SECONDS, UPLOADS
from apps.extensions.limits import PACKED_BYTES
from apps.extensions.owning.owned import OwnerRefused

FOLDER: Final = "uploads"
TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def keep(owner: str, content: bytes) -> str:
    """What names it from now on. Raises OwnerRefused for what is too large, and OSError."""
    if len(content) > PACKED_BYTES:
        raise OwnerRefused("packed.large", f"it has over {PACKED_BYTES} bytes")
    folder = Path(settings.STATE) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    token = token_hex(16)
    place = _place(owner, token)
    place.touch(mode=0o600)
    place.write_bytes(content)
    _tidy(folder, time.time())
    return token


def uploaded(owner: str, token: str) -> bytes:
    """Raises OwnerRefused where it is gone, or somebody else's."""
    try:
        if TOKEN.fullmatch(token):
            return _place(owner, token).read_bytes()
    except OSError:
        pass
    raise OwnerRefused("packed.gone", "the file that was sent is not here any more; send it again")


def _place(owner: str, token: str) -> Path:
    whose = sha256(owner.encode()).hexdigest()[:16]
    return Path(settings.STATE) / FOLDER / f"{whose}-{token}"


def _tidy(folder: Path, now: float) -> None:
    """The oldest go, and whatever is too old."""
    kept = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for number, each in enumerate(kept):
        if number >= UPLOADS or now - each.stat().st_mtime > UPLOAD_SECONDS:
            each.unlink(missing_ok=True)
