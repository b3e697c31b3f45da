"""AES-256-GCM as SOPS uses it, and signatures of OpenSSH. The only module that imports
cryptography."""

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from apps.policy.secrets.tree import BOOL, FLOAT, INT, STR, Leaf

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 32
TAG_BYTES: Final = 16
NONCES: Final = range(12, 65)
TIME, BYTES, COMMENT = "time", "bytes", "comment"
KINDS: Final = frozenset((STR, INT, FLOAT, BOOL, TIME, BYTES, COMMENT))
MARK: Final = "ENC["
SSHSIG: Final = b"SSHSIG"
_BASE64: Final = "([A-Za-z0-9+/]+={0,2})"
_SEALED: Final = re.compile(
    rf"ENC\[AES256_GCM,data:{_BASE64},iv:{_BASE64},tag:{_BASE64},type:([a-z]+)\]"
)


class BrokenSeal(Exception):
    """The text is no sealed value, or not one of this key and path."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """What all values of one file are sealed with."""

    bytes: bytes = field(repr=False)


def new_data_key() -> DataKey:
    return DataKey(os.urandom(KEY_BYTES))


def sealed(leaf: Leaf, key: DataKey, bound_to: str) -> str:
    """`bound_to` is authenticated and not stored: the value opens in no other place."""
    nonce = os.urandom(NONCE_BYTES)
    both = AESGCM(key.bytes).encrypt(nonce, leaf.text.encode(), bound_to.encode())
    data, iv, tag = map(_encoded, (both[:-TAG_BYTES], nonce, both[-TAG_BYTES:]))
    return f"ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:{leaf.kind}]"


def unsealed(text: str, key: DataKey, bound_to: str) -> Leaf:
    """Raises BrokenSeal."""
    found = _SEALED.fullmatch(text)
    if found is None or found[4] not in KINDS:
        raise BrokenSeal
    data, nonce, tag = map(_decoded, found.groups()[:3])
    if len(nonce) not in NONCES or len(tag) != TAG_BYTES:
        raise BrokenSeal
    try:
        plain = AESGCM(key.bytes).decrypt(nonce, data + tag, bound_to.encode())
        return Leaf(found[4], plain.decode("utf-8"))
    except (InvalidTag, UnicodeDecodeError, ValueError) as error:
        raise BrokenSeal from error


def ssh_signature(key: str, content: bytes, namespace: str) -> str:
    """With armour, as `ssh-keygen -Y sign` makes it (PROTOCOL.sshsig). Raises ValueError for a key
    that is no Ed25519 key in the form of OpenSSH without a passphrase."""
    signer = _ed25519(key)
    kind = _counted(b"ssh-ed25519")
    public = kind + _counted(signer.public_key().public_bytes_raw())
    about = _counted(namespace.encode()) + _counted(b"") + _counted(b"sha512")
    digest = _counted(hashlib.sha512(content).digest())
    signed = kind + _counted(signer.sign(SSHSIG + about + digest))
    body = _encoded(SSHSIG + (1).to_bytes(4) + _counted(public) + about + _counted(signed))
    lines = [body[start : start + 70] for start in range(0, len(body), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def _ed25519(key: str) -> Ed25519PrivateKey:
    try:
        found = load_ssh_private_key(f"{key.strip()}\n".encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise ValueError("it is no Ed25519 key of OpenSSH without a passphrase") from None
    return found


def _counted(content: bytes) -> bytes:
    return len(content).to_bytes(4) + content


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BrokenSeal from error
