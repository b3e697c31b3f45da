"""The code by which the first account is made: start-up shows it to whoever has the machine's
shell, and this node keeps its digest, until there is an account or its time is over.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final

from django.conf import settings

from apps.console.bounds import CODE_BYTES, CODE_SECONDS
from apps.console.models import Account

GROUP: Final = 4
"""Characters of a code between two hyphens."""


def is_due() -> bool:
    return not Account.objects.exists()


def offer(now: float) -> str | None:
    """A new code, which replaces any earlier one; None when nobody needs one."""
    if not is_due():
        withdraw()
        return None
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    values = {"digest": _digest(code), "until": now + CODE_SECONDS}
    draft = _path().with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(values))
    draft.replace(_path())
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def is_right(code: str, now: float | None = None) -> bool:
    """Whatever its case and hyphens."""
    try:
        values = json.loads(_path().read_text())
        digest, until = str(values["digest"]), float(values["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    moment = time() if now is None else now
    same = hmac.compare_digest(_digest(code), digest)
    return same and until - CODE_SECONDS <= moment < until


def withdraw() -> None:
    with suppress(FileNotFoundError):
        _path().unlink()


def _digest(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _path() -> Path:
    return Path(settings.STATE) / "first-run.json"
