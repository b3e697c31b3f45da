"""The one accessor of the site's secrets for the parts of a start-up: by name, of the commit that
is served. What is missing or cannot be opened ends the start-up."""

from pathlib import Path

from apps.gitsync.errors import GitFault
from apps.gitsync.source import SiteSource
from apps.policy.secrets.faults import SecretFault
from apps.policy.secrets.references import Reference
from apps.policy.secrets.secret import Secret


class Unusable(Exception):
    """What ends a start-up: the name, why, and what to do."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(f"the secret {name!r} cannot be had: {reason}")


class SiteSecrets:
    """Nothing is read before it is asked for; a site without secrets needs no key."""

    def __init__(self, source: SiteSource, key_file: Path) -> None:
        self._source, self._key_file = source, key_file

    def of(self, given: str | Reference | None, least: int) -> Secret | None:
        """Of a setting, of `least` characters or more. Raises Unusable."""
        if not isinstance(given, Reference):
            return Secret(given) if given else None
        try:
            found = self.get(given.name)
        except (SecretFault, GitFault) as fault:
            place = getattr(fault, "place", "secrets/")
            raise Unusable(given.name, f"{place}: {fault.reason}", fault.remedy) from None
        if len(found.reveal()) < least:
            reason = f"it has less than {least} characters"
            raise Unusable(given.name, reason, f"Run: manage.py secrets set {given.name}")
        return found

    def signing_key(self, name: str) -> Secret:
        """Raises GitFault, as whatever else is wrong with the key."""
        try:
            return self.get(name)
        except SecretFault as fault:
            raise GitFault(fault.code, f"{fault.place}: {fault.reason}", fault.remedy) from None

    def get(self, name: str) -> Secret:
        """Raises SecretFault with the name and the remedy, or GitFault."""
        # Cryptography and Git are loaded where there is a secret to open.
        from apps.extensions.authorising import SYNC
        from apps.gitsync.resources import ask
        from apps.gitsync.secret_places import READ, resource
        from apps.gitsync.writing.secret_files import served_secrets
        from apps.policy.secrets.identities import read
        from apps.policy.secrets.vault import Vault

        vault = Vault(served_secrets(self._source).files, lambda: read(self._key_file))
        entry = vault.find(name)
        ask(SYNC, READ, resource(entry))
        return vault.value(entry)
