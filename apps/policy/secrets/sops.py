"""Files of SOPS as they are read: opened as a whole, and nothing is told before the MAC holds."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.policy.secrets import age, json_form, metadata, yaml_form
from apps.policy.secrets.age import Identity
from apps.policy.secrets.ciphers import COMMENT, KEY_BYTES, MARK, BrokenSeal, DataKey, unsealed
from apps.policy.secrets.faults import (
    FORM,
    LIMIT,
    LOCKED,
    REMEDY,
    TAMPERED,
    UNSUPPORTED,
    SecretFault,
)
from apps.policy.secrets.limits import FILE_BYTES
from apps.policy.secrets.metadata import Metadata
from apps.policy.secrets.tree import (
    DATE,
    METADATA,
    NULL,
    STR,
    Leaf,
    Path,
    Tree,
    leaves,
    replaced,
)

ONLY_SEALED_START: Final = hashlib.sha256(b"sops").digest()
"""What the MAC begins with where it is over sealed values alone, so that it is never another's."""
YAML, JSON = "yaml", "json"
ENDS: Final = {".sops.yaml": YAML, ".sops.yml": YAML, ".sops.json": JSON}


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """Read, and nothing of it opened. `tree` is without the metadata."""

    form: str
    tree: Tree = field(repr=False)
    metadata: Metadata
    has_comments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """`tree` holds plain values."""

    file: SealedFile
    key: DataKey
    tree: Tree = field(repr=False)


def form_of(path: str) -> str:
    """Raises SecretFault for what is not covered."""
    for end, form in ENDS.items():
        if path.endswith(end):
            return form
    remedy = "Use NAME.sops.yaml or NAME.sops.json; .env and INI are not read"
    raise SecretFault(UNSUPPORTED, "", "has no name of a file of secrets", remedy)


def parsed(form: str, content: bytes) -> SealedFile:
    """Raises SecretFault."""
    if len(content) > FILE_BYTES:
        raise SecretFault(LIMIT, "", f"has over {FILE_BYTES} bytes", REMEDY.shorten)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretFault(FORM, "", "is not UTF-8", "Save it as UTF-8") from None
    tree = yaml_form.read(text) if form == YAML else json_form.read(text)
    found = metadata.read(tree)
    values = {key: value for key, value in tree.items() if key != METADATA}
    check_keys(values)
    remarks = form == YAML and yaml_form.has_comments(text)
    return SealedFile(form=form, tree=values, metadata=found, has_comments=remarks)


def check_keys(tree: Tree) -> None:
    """Raises SecretFault for what the seals do not tell apart."""
    for path, _ in leaves(tree):
        if any(":" in key for key in path):
            reason = "has a colon in a key, which lets values be moved unseen"
            raise SecretFault(UNSUPPORTED, ".".join(path), reason, "Rename the key with sops")


def opened(file: SealedFile, identities: Sequence[Identity]) -> OpenFile:
    """Raises SecretFault: locked, or changed since it was sealed."""
    key = _data_key(file.metadata, identities)
    found = [(path, _opened(file.metadata, key, path, leaf)) for path, leaf in leaves(file.tree)]
    try:
        kept = unsealed(file.metadata.mac, key, file.metadata.modified).text
    except BrokenSeal:
        raise _tampered("sops.mac", "does not belong to this file") from None
    if kept != mac_of(file.metadata, found):
        raise _tampered("", "was changed since it was sealed: its MAC does not hold")
    plain = replaced(file.tree, iter([leaf for _, leaf in found]))
    assert isinstance(plain, dict)
    return OpenFile(file=file, key=key, tree=plain)


def mac_of(about: Metadata, values: Iterable[tuple[Path, Leaf]]) -> str:
    """SHA-512 over the plain values in order; those that are nothing are left out."""
    found = hashlib.sha512(ONLY_SEALED_START if about.only_sealed else b"")
    for path, leaf in values:
        if leaf.kind != NULL and (about.selection.seals(path) or not about.only_sealed):
            found.update(leaf.text.encode())
    return found.hexdigest().upper()


def bound_to(path: Path) -> str:
    """What a sealed value is authenticated with besides itself."""
    return ":".join(path) + ":"


def _data_key(about: Metadata, identities: Sequence[Identity]) -> DataKey:
    ours = {each.recipient for each in identities}
    for each in sorted(about.wrapped, key=lambda each: each.recipient not in ours):
        found = age.unwrapped(each.enc, identities)
        if found is not None and len(found) == KEY_BYTES:
            return DataKey(found)
    told = ", ".join(sorted(ours)) or "none"
    reason = f"is not sealed for this node's key ({told})"
    remedy = "Have somebody who can open it run manage.py secrets recipients add with that key"
    raise SecretFault(LOCKED, "", reason, remedy)


def _opened(about: Metadata, key: DataKey, path: Path, leaf: Leaf) -> Leaf:
    place = ".".join(path)
    if not about.selection.seals(path):
        if leaf.kind == DATE:
            reason = "is a date, which tools write differently"
            raise SecretFault(UNSUPPORTED, place, reason, "Put it in quotes with sops")
        return leaf
    if leaf.kind == NULL or leaf == Leaf(STR, ""):
        return leaf
    if not leaf.text.startswith(MARK):
        reason = "stands there in plain form, and should be sealed"
        raise SecretFault(TAMPERED, place, reason, "Change that secret everywhere, and set it anew")
    try:
        found = unsealed(leaf.text, key, bound_to(path))
    except BrokenSeal:
        raise _tampered(place, "was changed or moved since it was sealed") from None
    if found.kind == COMMENT:
        raise _tampered(place, "is the seal of a comment")
    return found


def _tampered(place: str, reason: str) -> SecretFault:
    return SecretFault(TAMPERED, place, reason, REMEDY.restore)
