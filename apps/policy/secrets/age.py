"""Keys of age: who a file is sealed for, and what opens it. The only module that imports pyrage."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyrage

from apps.policy.secrets.faults import RECIPIENT, SecretFault
from apps.policy.secrets.limits import WRAPPED_BYTES
from apps.policy.secrets.secret import Secret

PREFIX = "AGE-SECRET-KEY-1"


@dataclass(frozen=True, slots=True)
class Identity:
    """The private half of a key."""

    secret: Secret
    recipient: str


def new_identity() -> Identity:
    return identity(str(pyrage.x25519.Identity.generate()))


def identity(line: str) -> Identity:
    """Raises ValueError, which does not quote the line."""
    try:
        key = pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise ValueError("this is no identity of age") from None
    return Identity(Secret(line), str(key.to_public()))


def check_recipient(text: str) -> str:
    """Raises SecretFault for what is not `age1…`: X25519 is what all tools know."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text))
    except pyrage.RecipientError:
        reason = f"{text[:100]!r} is no recipient of age"
        remedy = "Name the public half of a key, age1…, as age-keygen -y shows it"
        raise SecretFault(RECIPIENT, "", reason, remedy) from None


def wrapped(content: bytes, recipient: str) -> str:
    """With armour. Raises SecretFault."""
    key = pyrage.x25519.Recipient.from_str(check_recipient(recipient))
    return str(pyrage.encrypt(content, [key], armored=True).decode("ascii"))


def unwrapped(text: str, identities: Sequence[Identity]) -> bytes | None:
    """None when none of the identities opens it."""
    if len(text) > WRAPPED_BYTES:
        return None
    keys = [pyrage.x25519.Identity.from_str(each.secret.reveal()) for each in identities]
    try:
        return bytes(pyrage.decrypt(text.encode(), keys)) if keys else None
    except (pyrage.DecryptError, ValueError):
        return None
