"""What a person does with the site's secrets at this node: files are sealed anew, and each change
is one commit. Says what policy is to be asked, which is the caller's to do."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings

from apps.gitsync.git.commits import Author
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.secret_files import (
    SecretFiles,
    newest_secrets,
    save_secrets,
)
from apps.policy import entities as resources
from apps.policy.secrets import age, identities, sealing
from apps.policy.secrets.age import Identity
from apps.policy.secrets.faults import MISSING, NAME, SecretFault
from apps.policy.secrets.identities import replace_private
from apps.policy.secrets.sealing import Change
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.sops import form_of
from apps.policy.secrets.vault import FIRST, FOLDER, Entry, Vault

SAVED, WOULD, UNCHANGED = "saved", "would save", "unchanged"
READ, CHANGE = "read-secret", "change-secret"
Asked = tuple[str, resources.Resource]
WHOLE: Final = "*"
"""The name that stands for all of a file."""


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

    def asked(self, action: str, name: str) -> list[Asked]:
        """What policy is to be asked before a secret is read or changed. Raises SecretFault."""
        return [(action, resource(self.vault.find(name)))]

    def asked_to_set(self, name: str, file: str | None) -> list[Asked]:
        """Raises SecretFault."""
        return [(CHANGE, resource(self._place(name, file)))]

    def asked_of_files(self, file: str | None, *actions: str) -> list[Asked]:
        """What is done to a file is done to all that is in it. Raises SecretFault."""
        files = self._files(file)
        inside = [each for each in self.vault.entries() if each.file in files]
        entries = [*(Entry(path, WHOLE) for path in files), *inside]
        return [(action, resource(entry)) for entry in entries for action in actions]

    def value(self, name: str) -> tuple[Entry, Secret]:
        """Raises SecretFault."""
        entry = self.vault.find(name)
        return entry, self.vault.value(entry)

    def set(self, name: str, value: Secret, file: str | None) -> Outcome:
        """Raises SecretFault or GitFault."""
        entry = self._place(name, file)
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
        files = self._files(file)
        return self._change(files, sealing.rotated, cause="Rotate the data key of secrets")

    def add_recipient(self, recipient: str, file: str | None) -> Outcome:
        """Whoever is added can read all of a file. Raises SecretFault or GitFault."""
        files = self._files(file)
        return self._change(
            files,
            lambda change: sealing.with_recipient(change, recipient),
            cause=f"Seal secrets for {recipient[:80]} as well",
        )

    def remove_recipient(self, recipient: str, file: str | None) -> Outcome:
        """Raises SecretFault or GitFault."""
        files = self._files(file)
        return self._change(
            files,
            lambda change: sealing.without_recipient(change, recipient),
            cause=f"Seal secrets no longer for {recipient[:80]}",
        )

    def first(self, file: str | None) -> str:
        """The path of a file that is to be made. Raises SecretFault."""
        path = str(self.local) if self.local else file or FIRST
        if not (self.local or path.startswith(FOLDER)):
            raise SecretFault(NAME, path, "is not below secrets/", f"Name one such as {FIRST}")
        form_of(path)
        return path

    def init(self, file: str | None, recipients: Sequence[str]) -> Outcome:
        """A key where there is none, and a first file. Raises SecretFault or GitFault."""
        path = self.first(file)
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

    def _place(self, name: str, file: str | None) -> Entry:
        """Where a secret is, else where it is to be. Raises SecretFault."""
        found = [each for each in self.vault.entries() if each.name == name]
        if file is None and len(found) == 1:
            return found[0]
        if file is None and not found and len(self.seen.files) > 1:
            files = ", ".join(sorted(self.seen.files))
            raise SecretFault(NAME, files, "one of them has to be chosen", "Add --file PATH")
        if any(each.file != file for each in found):
            where = ", ".join(each.file for each in found)
            raise SecretFault(NAME, where, f"has a secret {name!r} already", "Set it there")
        return Entry(self._files(file)[0], name)

    def _files(self, file: str | None) -> list[str]:
        """The one that is named, else all. Raises SecretFault."""
        if not self.seen.files:
            reason = "the site has no file of secrets"
            raise SecretFault(MISSING, FOLDER, reason, "Run: manage.py secrets init")
        if file is not None and file not in self.seen.files:
            raise SecretFault(MISSING, file, "there is no such file", "See manage.py secrets list")
        return sorted(self.seen.files) if file is None else [file]

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


def resource(entry: Entry) -> resources.Secret:
    """A secret as policy knows it."""
    return resources.Secret(entry.file, entry.name)


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
