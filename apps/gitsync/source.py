"""Which repository and branch this node serves, and where its clone lies. Pure."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git.access import Access
from apps.gitsync.git.signing import CommitKey
from apps.gitsync.trust.signers import Signer

PRINTED = r"[^\s\x00-\x1f\x7f]"
USER = r"[^-@/\s\x00-\x1f\x7f][^@/\s\x00-\x1f\x7f]*"
HOST = r"(?:\w[\w.-]*|\[[0-9A-Fa-f:.]+\])"
REMOTE = re.compile(
    rf"(?:https|ssh)://(?:{USER}@)?{HOST}(?::\d{{1,5}})?(?:/{PRINTED}*)?"
    rf"|file:///{PRINTED}+|\w[\w.-]*@\w[\w.-]*:(?!-){PRINTED}+"
)
ENCODED = re.compile(r"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
"""A control character as a URL would have it."""
LOCAL = re.compile(r"/[^\x00-\x1f\x7f]*")
BRANCH = re.compile(r"[\w][\w./+-]{0,199}")
ENVIRONMENT = r"[a-z][a-z0-9-]{0,31}"
"""What an environment may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSource:
    """`remote` is a URL or an absolute path; `branch` None means the remote's default branch."""

    remote: str
    branch: str | None
    environment: str = "main"
    folder: Path
    asset_bytes: int
    access: Access = field(default_factory=Access)
    require_signatures: bool = False
    first_signers: tuple[Signer, ...] = ()
    signing: CommitKey | None = None

    @property
    def repository(self) -> Path:
        return self.folder / "repository.git"

    @property
    def circuit(self) -> Path:
        return self.folder / "circuit.json"

    @property
    def tended(self) -> Path:
        return self.folder / "integrity.json"

    @property
    def packing(self) -> Path:
        return self.folder / "packing.json"

    @property
    def unclean(self) -> Path:
        """There when somebody was killed who held the lock."""
        return self.lock.with_suffix(".unclean")

    @property
    def lock(self) -> Path:
        return self.folder / "sync.lock"


def checked_remote(text: str) -> str:
    """A remote that Git cannot take for an option or a protocol helper. Raises RemoteFault."""
    if LOCAL.fullmatch(text) or (REMOTE.fullmatch(text) and not ENCODED.search(text)):
        return text
    raise RemoteFault(
        "remote.form",
        "the remote is neither an absolute path nor an https, ssh or file URL",
        "Set WHISPERCMS_REMOTE to one, such as https://example.org/site.git",
    )


def checked_branch(name: str) -> str:
    """Raises GitFault for a name that is no branch (`git check-ref-format`)."""
    parts = name.split("/")
    bad = (".." in name, name.endswith("."), *(p.endswith(".lock") or p[:1] in ".-" for p in parts))
    if BRANCH.fullmatch(name) and not any(bad) and name != "HEAD":
        return name
    raise GitFault(
        "branch.form", f"{name!r} cannot be a branch", "Set WHISPERCMS_BRANCH to a branch's name"
    )
