"""Files of secrets for tests: those that others published, and ones of our own."""

from pathlib import Path

from apps.policy.secrets import age
from apps.policy.secrets.age import Identity
from apps.policy.secrets.sealing import Change, new_file, with_value
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.sops import OpenFile, form_of, opened, parsed
from apps.policy.secrets.tree import leaves

PUBLISHED = Path(__file__).parent / "published"
SOPS_AGE = age.identity(
    "AGE-SECRET-KEY-1QXRVEJH9S4NQU0FPD6V79ESZQ8S6PXH3L8V40EVPTHFH6KNKD4DQ7SKC4P"
)
ROPS = age.identity("AGE-SECRET-KEY-1EQUCGFZH8UZKSZ0Z5N5T234YRNDT4U9H7QNYXWRRNJYDDVXE6FWSCPGNJ7")
ADA, EVE = age.new_identity(), age.new_identity()
NOW = 1_700_000_000.0
YAML, JSON = "secrets/site.sops.yaml", "secrets/site.sops.json"


def begun(path: str = YAML, *who: Identity) -> bytes:
    return new_file(path, [each.recipient for each in who or (ADA,)], now=NOW)


def change(content: bytes, path: str = YAML, *, by: Identity = ADA, now: float = NOW) -> Change:
    return Change(path=path, content=content, identities=[by], now=now)


def made(path: str = YAML, **values: str) -> bytes:
    """`__` in a name stands for a dot."""
    content = begun(path)
    for name, value in values.items():
        content = with_value(change(content, path), name.replace("__", "."), Secret(value))
    return content


def open_(content: bytes, path: str = YAML, *, by: Identity = ADA) -> OpenFile:
    return opened(parsed(form_of(path), content), [by])


def values(content: bytes, path: str = YAML, *, by: Identity = ADA) -> list[tuple[str, str]]:
    found = leaves(open_(content, path, by=by).tree)
    return [(".".join(way), leaf.text) for way, leaf in found]
