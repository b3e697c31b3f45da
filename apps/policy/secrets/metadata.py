"""The table `sops` of a file: who it is sealed for, its MAC, and what is not covered here. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apps.policy.secrets.faults import FORM, LIMIT, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import RECIPIENTS, WRAPPED_BYTES
from apps.policy.secrets.selection import DEFAULT, KEYS, Selection, decoded
from apps.policy.secrets.tree import METADATA, NULL, STR, Leaf, Node, Tree

VERSION: Final = "3.8.1"
"""Of the sops tool whose files ours are like."""
OTHER_KEYS: Final = ("kms", "gcp_kms", "azure_kv", "hc_vault", "hckms", "pgp")
GROUPS: Final = ("key_groups", "shamir_threshold")
AGE, MAC, MODIFIED, ONLY = "age", "mac", "lastmodified", "mac_only_encrypted"
KNOWN: Final = frozenset((*OTHER_KEYS, AGE, MAC, MODIFIED, ONLY, "version", *KEYS))


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The data key as one recipient can open it."""

    recipient: str
    enc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """`others` are keys of other kinds, kept as they are; `modified` is RFC 3339."""

    wrapped: tuple[Wrapped, ...]
    modified: str = ""
    mac: str = field(default="", repr=False)
    selection: Selection = DEFAULT
    only_sealed: bool = False
    version: str = VERSION
    others: Mapping[str, Node] = field(default_factory=dict)

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(each.recipient for each in self.wrapped)


def read(tree: Tree) -> Metadata:
    """Raises SecretFault for what is not covered: nothing is left out in silence."""
    table = tree.get(METADATA)
    if not isinstance(table, dict):
        reason = "is not sealed: it has no table sops"
        remedy = "Make it with manage.py secrets, or with sops; change every secret that it held"
        raise SecretFault(FORM, "", reason, remedy)
    _check_covered(table)
    texts = {key: value.text for key, value in table.items() if isinstance(value, Leaf)}
    if not texts.get(MAC) or not texts.get(MODIFIED):
        raise SecretFault(FORM, METADATA, f"lacks {MAC} or {MODIFIED}", "Seal the file again")
    return Metadata(
        wrapped=_wrapped(table.get(AGE)),
        modified=texts[MODIFIED],
        mac=texts[MAC],
        selection=decoded(texts),
        only_sealed=texts.get(ONLY) == "True",
        version=texts.get("version", VERSION),
        others={key: value for key in OTHER_KEYS if (value := table.get(key)) and _filled(value)},
    )


def written(metadata: Metadata) -> dict[str, Any]:
    """In the order of the sops tool."""
    rows = [{"recipient": each.recipient, "enc": each.enc} for each in metadata.wrapped]
    table: dict[str, Any] = {key: metadata.others.get(key, []) for key in OTHER_KEYS[:4]}
    table |= {AGE: rows, MODIFIED: metadata.modified, MAC: metadata.mac}
    table["pgp"] = metadata.others.get("pgp", [])
    table[metadata.selection.key] = metadata.selection.pattern
    if metadata.only_sealed:
        table[ONLY] = True
    return {**table, "version": metadata.version}


def _check_covered(table: Tree) -> None:
    for key in GROUPS:
        value = table.get(key)
        if _filled(value) and not (isinstance(value, Leaf) and value.text == "0"):
            reason = "divides its data key over groups of keys (Shamir)"
            raise _unsupported(key, reason, "Seal it for age recipients without groups")
    for key in table.keys() - KNOWN - set(GROUPS):
        raise _unsupported(
            key, f"says {key[:40]!r}, which is not known here", "Remove it with sops"
        )
    if not _filled(table.get(AGE)):
        reason = "is sealed for no age recipient"
        raise _unsupported(AGE, reason, "Add one with sops: sops --rotate --add-age age1…")


def _filled(value: Node | None) -> bool:
    return bool(value) and not (isinstance(value, Leaf) and value.kind == NULL)


def _wrapped(rows: Node | None) -> tuple[Wrapped, ...]:
    if not isinstance(rows, list):
        raise _malformed()
    if len(rows) > RECIPIENTS:
        reason = f"has over {RECIPIENTS} recipients"
        raise SecretFault(LIMIT, f"{METADATA}.{AGE}", reason, "Seal it for fewer")
    return tuple(map(_one, rows))


def _one(row: Node) -> Wrapped:
    values = [row.get(key) for key in ("recipient", "enc")] if isinstance(row, dict) else []
    texts = [each.text for each in values if isinstance(each, Leaf) and each.kind == STR]
    if len(texts) != 2 or len(texts[1]) > WRAPPED_BYTES:
        raise _malformed()
    return Wrapped(*texts)


def _malformed() -> SecretFault:
    reason = "is not a list of recipient and enc"
    return SecretFault(FORM, f"{METADATA}.{AGE}", reason, "Seal the file again")


def _unsupported(key: str, reason: str, remedy: str) -> SecretFault:
    return SecretFault(UNSUPPORTED, f"{METADATA}.{key[:40]}", reason, remedy)
