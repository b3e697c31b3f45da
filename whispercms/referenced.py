"""Settings that name a secret instead of holding it: `local:NAME` in this node's own file, which
is opened here, and `secret:NAME` in the site's, which is not there before the site is."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from apps.policy.secrets.faults import MISSING, SecretFault
from apps.policy.secrets.references import LOCAL, SITE, Reference, reference
from apps.policy.secrets.secret import Secret

if TYPE_CHECKING:
    from apps.policy.secrets.vault import Vault

KEYS: Final = ("secret_key", "webhook_secret", "signing_key", "ssh_key_passphrase")
"""The settings that may hold or name a secret."""
LATE: Final = ("webhook_secret", "signing_key")
"""Those that are not needed before the site repository is there."""
AGE_KEY, LOCAL_SECRETS = "age-key.txt", "local.sops.yaml"
"""Where they are in the state folder when no setting says so."""


class Unresolved(ValueError):
    """`key` is the setting."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        self.key, self.problem, self.remedy = key, problem, remedy
        super().__init__(f"{problem}. {remedy}")


def named_by(key: str, value: object) -> Reference | None:
    """What a setting names; None where it stands for itself. Raises Unresolved."""
    if key not in KEYS or not isinstance(value, str):
        return None
    try:
        found = reference(value.strip())
    except SecretFault as fault:
        raise Unresolved(key, fault.reason, fault.remedy) from None
    if found and found.kind == SITE and key not in LATE:
        problem = "is needed before the site repository is there, so it cannot be a secret of it"
        raise Unresolved(key, problem, f"Use {LOCAL}NAME, or the environment")
    if found and found.kind == LOCAL and key == "signing_key":
        raise Unresolved(key, "is a path or a secret of the site", f"Use a path, or {SITE}NAME")
    return found


def opened(values: Mapping[str, object], state: Path) -> dict[str, object]:
    """The same settings: what `local:` names in the place of it, and what is to come later as a
    Reference. Raises Unresolved."""
    found = {key: named_by(key, value) for key, value in values.items()}
    known = {key: each for key, each in found.items() if each}
    local = {key: each.name for key, each in known.items() if each.kind == LOCAL}
    if not local:
        return {**values, **known}
    vault = _vault(values, state, next(iter(local)))
    plain = {key: _value(vault, key, name).reveal() for key, name in local.items()}
    return {**values, **known, **plain}


def _vault(values: Mapping[str, object], state: Path, key: str) -> "Vault":
    # Cryptography is loaded where a setting names a secret, and nowhere else.
    from apps.policy.secrets.identities import read
    from apps.policy.secrets.vault import Vault

    age_key = Path(str(values.get("age_key") or state / AGE_KEY)).expanduser()
    path = Path(str(values.get("local_secrets") or state / LOCAL_SECRETS)).expanduser()
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror})"
        remedy = "Set it for once in the environment, and run: manage.py secrets init --local"
        raise Unresolved(key, problem, remedy) from None
    return Vault({str(path): content}, lambda: read(age_key))


def _value(vault: "Vault", key: str, name: str) -> Secret:
    try:
        return vault.value(vault.find(name))
    except SecretFault as fault:
        missing = f"Run: manage.py secrets set {name} --local"
        remedy = missing if fault.code == MISSING else fault.remedy
        raise Unresolved(key, f"{fault.place}: {fault.reason}", remedy) from None
