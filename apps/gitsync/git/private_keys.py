"""Whether a private SSH key can be used without asking anybody. Pure."""

import base64
import binascii
from typing import Final

MAGIC: Final = b"openssh-key-v1\0"
UNLOCKED: Final = MAGIC + b"\0\0\0\4none"


def is_locked(content: bytes) -> bool:
    """In OpenSSH's own form the cipher is named first; in PEM a header tells."""
    lines = content.splitlines()
    if not lines or b"BEGIN OPENSSH" not in lines[0]:
        return b"ENCRYPTED" in content
    text = b"".join(line for line in lines if not line.startswith(b"-----"))
    try:
        return not base64.b64decode(text, validate=True).startswith(UNLOCKED)
    except binascii.Error:
        return False
