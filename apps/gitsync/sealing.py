"""What a person does with the site's secrets at this node: files are sealed anew, and each change
is one commit. `places` says what policy is to be asked, which is the caller's to do."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from apps.gitsync.git.commits import Author
from apps.gitsync.secret_places import Places
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.secret_files import (
    SecretFiles,
    newest_secrets,
    save_secrets,
)
from apps.policy.secrets import age, identities, sealing
from apps.policy.secrets.age import Identity
from apps.policy.secrets.faults import NAME, SecretFault
from apps.policy.secrets.identities import replace_private
from apps.policy.secrets.sealing import Change
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.vault import Entry, Vault

SAVED, WOULD, UNCHANGED = "saved", "would save", "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`commit` is None when nothing was saved; `key` is the public half of a key that was made."""

    state: str
    files: tuple[str, ...]
    commit: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSecrets:
    """The newest secrets of the site, and on whose behalf they are read or changed."""

    source: SiteSource
    seen: SecretFiles
    key_file: Path
    author: Author
    now: float
    dry_run: bool = False
    local: Path | None = None
    """Where the secrets are a file of this node's own, it is that, and no commit is made."""
    vault: Vault = field(repr=False)

    @property
    def places(self) -> Places:
        return Places(self.seen.files, self.vault, self.local)

    def value(self, name: str) -> tuple[Entry, Secret]:
        """Raises SecretFault."""
        entry = self.vault.find(name)
        return entry, self.vault.value(entry)

    def set(self, name: str, value: Secret, file: str | None) -> Outcome:
        """Raises SecretFault or GitFault."""
        entry = self.places.of(name, file)
        return self._change(
            [entry.file],
            lambda change: sealing.with_value(change, name, value),
            cause=f"Set the secret {name}",
        )

    def remove(self, name: str) -> Outcome:
        """Raises SecretFault or GitFault."""
        entry = self.vault.find(name)
        return self._change(
            [entry.file],
            lambda change: sealing.without_value(change, name),
            cause=f"Remove the secret {name}",
        )

    def rotate(self, file: str | None) -> Outcome:
        """Raises SecretFault or GitFault."""
        files = self.places.named(file)
        return self._change(files, sealing.rotated, cause="Rotate the data key of secrets")

    def add_recipient(self, recipient: str, file: str | None) -> Outcome:
        """Whoever is added can read all of a file. Raises SecretFault or GitFault."""
        files = self.places.named(file)
        return self._change(
            files,
            lambda change: sealing.with_recipient(change, recipient),
            cause=f"Seal secrets for {recipient[:80]} as well",
        )

    def remove_recipient(self, recipient: str, file: str | None) -> Outcome:
        """Raises SecretFault or GitFault."""
        files = self.places.named(file)
        return self._change(
            files,
            lambda change: sealing.without_recipient(change, recipient),
            cause=f"Seal secrets no longer for {recipient[:80]}",
        )

    def init(self, file: str | None, recipients: Sequence[str]) -> Outcome:
        """A key where there is none, and a first file. Raises SecretFault or GitFault."""
        path = self.places.first(file)
        if path in self.seen.files:
            raise SecretFault(NAME, path, "is there already", "Name another one with --file")
        others = [age.check_recipient(each) for each in recipients]
        made = None
        if not self.key_file.exists():
            if self.dry_run:
                return Outcome(state=WOULD, files=(path,))
            made = identities.create(self.key_file, self.now).recipient
        own = [each.recipient for each in identities.read(self.key_file)[:1]]
        named = list(dict.fromkeys([*own, *others]))
        content = sealing.new_file(path, named, now=self.now)
        return self._save({path: content}, f"Begin {path}", key=made)

    def _change(
        self, files: Iterable[str], act: Callable[[Change], bytes], *, cause: str
    ) -> Outcome:
        keys = identities.read(self.key_file)
        return self._save({path: self._changed(path, act, keys) for path in files}, cause)

    def _changed(
        self, path: str, act: Callable[[Change], bytes], keys: Sequence[Identity]
    ) -> bytes:
        content = self.seen.files[path]
        try:
            return act(Change(path=path, content=content, identities=keys, now=self.now))
        except SecretFault as fault:
            raise fault.at(path) from None

    def _save(self, files: Mapping[str, bytes], cause: str, key: str | None = None) -> Outcome:
        paths = tuple(files)
        if self.dry_run:
            return Outcome(state=WOULD, files=paths, key=key)
        if self.local:
            replace_private(self.local, files[str(self.local)])
            return Outcome(state=SAVED, files=paths, key=key)
        commit = save_secrets(self.source, self.seen, files, cause, self.author)
        return Outcome(state=SAVED, files=paths, commit=commit, key=key)


def local_secrets(author: Author, *, dry_run: bool = False) -> SiteSecrets:
    """Of the file that is this node's own. Raises SecretFault."""
    path: Path = settings.LOCAL_SECRETS
    files = {str(path): path.read_bytes()} if path.exists() else {}
    return _secrets(SecretFiles("", files), author, dry_run, path)


def site_secrets(author: Author, *, dry_run: bool = False) -> SiteSecrets:
    """Of this node's branch. Raises SecretFault or GitFault."""
    return _secrets(newest_secrets(settings.SITE_SOURCE), author, dry_run, None)


def _secrets(seen: SecretFiles, author: Author, dry_run: bool, local: Path | None) -> SiteSecrets:
    key_file: Path = settings.AGE_KEY
    return SiteSecrets(
        source=settings.SITE_SOURCE,
        local=local,
        seen=seen,
        key_file=key_file,
        author=author,
        now=time.time(),
        dry_run=dry_run,
        vault=Vault(seen.files, lambda: identities.read(key_file)),
    )
