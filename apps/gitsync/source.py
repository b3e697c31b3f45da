"""Which repository and branch this node serves, and where its clone lies. Pure."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git.access import Access
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.trust.signers import Signer

REMOTE = re.compile(
    r"((https|ssh)://([^-@/\s][^@/\s]*@)?[\w\[]|file:///)[^\s\x00-\x1f]+|\w[\w.-]*@\w[\w.-]*:[^\s\x00-\x1f]+"
)
BRANCH = re.compile(r"[\w][\w./+-]{0,199}")


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
    signing: SigningKey | None = None

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
    def unclean(self) -> Path:
        """There when somebody was killed who held the lock."""
        return self.lock.with_suffix(".unclean")

    @property
    def lock(self) -> Path:
        return self.folder / "sync.lock"


def checked_remote(text: str) -> str:
    """A remote that Git cannot take for an option or a protocol helper. Raises RemoteFault."""
    if text.startswith("/") and "\n" not in text and "\0" not in text:
        return text
    if REMOTE.fullmatch(text):
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
    if BRANCH.fullmatch(name) and not any(bad):
        return name
    raise GitFault(
        "branch.form", f"{name!r} cannot be a branch", "Set WHISPERCMS_BRANCH to a branch's name"
    )
