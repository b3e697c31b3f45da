"""The file with this node's keys of age: made once, readable by its owner only, and never in a
repository."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from apps.policy.secrets.age import PREFIX, Identity, identity, new_identity
from apps.policy.secrets.faults import IDENTITY, SecretFault
from apps.policy.secrets.limits import IDENTITIES, IDENTITY_BYTES

OTHERS = 0o077


def read(path: Path) -> tuple[Identity, ...]:
    """Raises SecretFault, which quotes nothing of the file."""
    try:
        with path.open("rb") as file:
            about, content = os.fstat(file.fileno()), file.read(IDENTITY_BYTES + 1)
    except OSError as error:
        remedy = "Make a key: manage.py secrets init, or name the file: age_key"
        raise _unfit(path, f"cannot be read ({error.strerror})", remedy) from None
    if stat.S_IMODE(about.st_mode) & OTHERS:
        raise _unfit(path, "may be read by other users", f"Run: chmod 600 {path}")
    if about.st_uid not in (0, os.geteuid()):
        raise _unfit(path, "belongs to another user", "Give it to this server's user")
    return decoded(content, str(path))


def create(path: Path, now: float) -> Identity:
    """Never over another. Raises SecretFault. `now` is in seconds since 1970."""
    for folder in path.absolute().parents:
        if (folder / ".git").exists():
            reason = f"would be in the repository {folder}"
            raise _unfit(path, reason, "Set age_key to a file outside of every repository")
    made = new_identity()
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = (f"# created: {moment}", f"# public key: {made.recipient}", made.secret.reveal(), "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, "\n".join(lines).encode())
    except FileExistsError:
        raise _unfit(path, "is there already", "Keep it: it opens what it is known for") from None
    except OSError as error:
        raise _unfit(path, f"cannot be written ({error.strerror})", "Mend the folder") from None
    return made


def write_private(path: Path, content: bytes) -> None:
    """A new file for its owner only, whole or not at all, and on the disk. Raises OSError."""
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def replace_private(path: Path, content: bytes) -> None:
    """The same in the place of another. Raises OSError."""
    _draft(path, content).replace(path)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def decoded(content: bytes, place: str = "") -> tuple[Identity, ...]:
    """Raises SecretFault, which quotes nothing of it."""
    try:
        found = tuple(_identities(content.decode("ascii")))
    except ValueError:
        found = ()
    if not found or len(content) > IDENTITY_BYTES or len(found) > IDENTITIES:
        remedy = f"Name a file with lines {PREFIX}…, as age-keygen makes it, without a passphrase"
        raise SecretFault(IDENTITY, place, "it is no file of identities of age", remedy)
    return found


def _identities(text: str) -> Iterator[Identity]:
    """Raises ValueError."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield identity(line.strip())


def _unfit(path: Path, reason: str, remedy: str) -> SecretFault:
    return SecretFault(IDENTITY, str(path), reason, remedy)
