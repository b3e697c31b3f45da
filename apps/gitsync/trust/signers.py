"""The file `allowed_signers` of OpenSSH, decoded: which keys may sign commits, and when. Pure.

What `ssh-keygen` is given is written anew from these values, so no line of a repository reaches it.
"""

import base64
import binascii
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

PATH = "allowed_signers"
SIGNERS_BYTES = 256 * 1024
SIGNERS = 1_000
NAME_LENGTH = 100
RSA_BYTES = 256
KEY_TYPES = (
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
NAMESPACE = "git"
NUMBERED = "signer-"
OPTION = re.compile(r'(namespaces|valid-after|valid-before)="([^"\s]*)"', re.IGNORECASE)
LINE = re.compile(r'("[^"]+"|\S+)[ \t]+(?:(\S*=\S*|cert-authority\S*)[ \t]+)?(\S+)[ \t]+(\S+)(.*)')
MOMENTS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


class SignersError(ValueError):
    """The file cannot be used; `line` is 1-based, 0 for the file as a whole."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(f"line {line}: {reason}" if line else reason)


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and the time in which it signs, in seconds; `before` is the last moment of it."""

    names: str
    kind: str
    key: str
    after: int | None = None
    before: int | None = None


def parse(content: bytes) -> tuple[Signer, ...]:
    """The lines that may sign commits. Raises SignersError for any line that is not understood."""
    if len(content) > SIGNERS_BYTES:
        raise SignersError(0, f"{len(content)} bytes; {SIGNERS_BYTES} are the most")
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise SignersError(content[: error.start].count(b"\n") + 1, "this is not UTF-8") from error
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            if (signer := _signer(line.strip(), number)) is not None:
                found.append(signer)
            if len(found) > SIGNERS:
                raise SignersError(number, f"{SIGNERS} signers are the most")
    return tuple(found)


def usable(signers: Iterable[Signer], at: int) -> tuple[Signer, ...]:
    """Those that have not ended at a moment."""
    return tuple(each for each in signers if each.before is None or each.before >= at)


def written(signers: Iterable[Signer]) -> bytes:
    """As `ssh-keygen` reads it; each signer bears its number instead of a pattern. Times in UTC."""
    return "".join(
        f"{NUMBERED}{number} {_options(each)} {each.kind} {each.key}\n"
        for number, each in enumerate(signers)
    ).encode()


def signer_of(principal: str, signers: Sequence[Signer]) -> str:
    """The name by which policies know whoever `written` has numbered: the first that is written in
    the line. Empty for nobody."""
    number = principal.removeprefix(NUMBERED)
    if not number.isdecimal() or int(number) >= len(signers):
        return ""
    return signers[int(number)].names.partition(",")[0]


def _options(signer: Signer) -> str:
    times = (("valid-after", signer.after), ("valid-before", signer.before))
    said = [f'{name}="{_stamp(moment)}"' for name, moment in times if moment is not None]
    return ",".join([f'namespaces="{NAMESPACE}"', *said])


def _stamp(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(MOMENTS[14])


def _signer(line: str, number: int) -> Signer | None:
    """None for a key that signs other things than commits."""
    found = LINE.fullmatch(line)
    if found is None:
        raise SignersError(number, "write: name [options] key-type key")
    names, options, kind, key, _ = found.groups()
    chosen = _chosen(options or "", number)
    if kind not in KEY_TYPES:
        shown = "".join(c for c in kind[:40] if c.isprintable())
        raise SignersError(number, f"{shown!r} is no type of key that may sign here")
    if not _is_key(kind, key):
        raise SignersError(number, f"this is not a key of the type {kind}")
    after, before = (_moment(chosen.get(name), number) for name in ("valid-after", "valid-before"))
    spaces = chosen.get("namespaces", NAMESPACE).split(",")
    shown = "".join(c for c in names.strip('"')[:NAME_LENGTH] if c.isprintable())
    return Signer(shown, kind, key, after, before) if NAMESPACE in spaces else None


def _chosen(options: str, number: int) -> dict[str, str]:
    """Default deny: a line with an option that is not understood names no signer."""
    if "cert-authority" in options.lower():
        reason = "certificates are not judged, as an ended one could be back-dated; list the keys"
        raise SignersError(number, reason)
    found = {name.lower(): value for name, value in OPTION.findall(options)}
    if OPTION.sub("", options).strip(",") or len(OPTION.findall(options)) != len(found):
        raise SignersError(number, "the options are namespaces, valid-after and valid-before")
    return found


def _is_key(kind: str, key: str) -> bool:
    try:
        blob = base64.b64decode(key, validate=True)
    except (ValueError, binascii.Error):
        return False
    head = struct.pack(">I", len(kind)) + kind.encode()
    least = RSA_BYTES if kind == "ssh-rsa" else 0
    return blob.startswith(head) and len(blob) > len(head) + least


def _moment(text: str | None, number: int) -> int | None:
    if text is None:
        return None
    digits = text.removesuffix("Z")
    try:
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError
        read = datetime.strptime(f"{digits}+0000", f"{MOMENTS[len(digits)]}%z")
        return int(read.timestamp())
    except (ValueError, KeyError) as error:
        reason = "a time is YYYYMMDD or YYYYMMDDHHMMSS, and is taken as UTC"
        raise SignersError(number, reason) from error
