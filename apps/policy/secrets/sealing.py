"""Changes of a file of secrets: values, recipients, the data key. From bytes to bytes, so that who
commits it need know nothing of the format. `now` is in seconds since 1970."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from apps.policy.secrets import age, json_form, yaml_writing
from apps.policy.secrets.age import Identity
from apps.policy.secrets.ciphers import DataKey, new_data_key, sealed
from apps.policy.secrets.faults import (
    LIMIT,
    MISSING,
    NAME,
    RECIPIENT,
    REMEDY,
    UNSUPPORTED,
    SecretFault,
)
from apps.policy.secrets.limits import FILE_BYTES, RECIPIENTS, VALUE_BYTES
from apps.policy.secrets.metadata import Metadata, Wrapped
from apps.policy.secrets.metadata import written as metadata_written
from apps.policy.secrets.names import path_of
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.sops import (
    JSON,
    OpenFile,
    SealedFile,
    bound_to,
    form_of,
    mac_of,
    opened,
    parsed,
)
from apps.policy.secrets.tree import (
    METADATA,
    NULL,
    STR,
    Leaf,
    Path,
    Tree,
    leaves,
    replaced,
    with_leaf,
    without,
)
from apps.policy.secrets.tree import at as node_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything that a change begins with: the file at `path`, and the keys that open it."""

    path: str
    content: bytes
    identities: Sequence[Identity]
    now: float

    def open(self) -> OpenFile:
        file = opened(parsed(form_of(self.path), self.content), self.identities)
        if file.file.has_comments:
            reason = "has comments, which would be lost"
            raise SecretFault(UNSUPPORTED, "", reason, REMEDY.sops)
        return file


def new_file(path: str, recipients: Sequence[str], *, now: float) -> bytes:
    """Without values. Raises SecretFault."""
    key = new_data_key()
    wrapped = tuple(Wrapped(each, age.wrapped(key.bytes, each)) for each in recipients)
    file = SealedFile(form=form_of(path), tree={}, metadata=Metadata(wrapped=wrapped))
    return _written(OpenFile(file=file, key=key, tree={}), {}, now, {})


def with_value(change: Change, name: str, value: Secret) -> bytes:
    """All other values keep their seals. Raises SecretFault."""
    path, text = path_of(name), value.reveal()
    if not text or len(text.encode()) > VALUE_BYTES:
        reason = f"a secret has 1 to {VALUE_BYTES} bytes"
        raise SecretFault(LIMIT, name, reason, "Give another value")
    file = change.open()
    if not file.file.metadata.selection.seals(path):
        reason = "would stand there in plain form, by the rule of the file"
        raise SecretFault(NAME, name, reason, "Choose another name")
    return _resealed(file, with_leaf(file.tree, path, Leaf(STR, text)), change.now)


def without_value(change: Change, name: str) -> bytes:
    """Raises SecretFault."""
    file, path = change.open(), path_of(name)
    if not isinstance(node_at(file.tree, path), Leaf):
        reason = "there is no secret of that name"
        raise SecretFault(MISSING, name, reason, "See manage.py secrets list")
    return _resealed(file, without(file.tree, path), change.now)


def rotated(change: Change, recipients: Sequence[str] | None = None) -> bytes:
    """The same values under a new data key, for the same recipients or for others. Raises
    SecretFault."""
    file = change.open()
    about = file.file.metadata
    if about.others:
        reason = f"is also sealed with {', '.join(about.others)}, which cannot be done here"
        raise SecretFault(UNSUPPORTED, "", reason, "Rotate it with the sops tool")
    key = new_data_key()
    named = about.recipients if recipients is None else recipients
    wrapped = tuple(Wrapped(each, age.wrapped(key.bytes, each)) for each in named)
    anew = replace(file.file, metadata=replace(about, wrapped=wrapped))
    return _written(OpenFile(file=anew, key=key, tree=file.tree), file.tree, change.now, {})


def with_recipient(change: Change, recipient: str) -> bytes:
    """The data key stays. Raises SecretFault."""
    named, file = age.check_recipient(recipient), change.open()
    about = file.file.metadata
    if named in about.recipients:
        raise SecretFault(RECIPIENT, "", f"{named} can open it already", "There is nothing to do")
    if len(about.wrapped) >= RECIPIENTS:
        reason = f"has {RECIPIENTS} recipients, which are the most"
        raise SecretFault(LIMIT, "", reason, "Remove one first")
    wrapped = (*about.wrapped, Wrapped(named, age.wrapped(file.key.bytes, named)))
    anew = replace(file, file=replace(file.file, metadata=replace(about, wrapped=wrapped)))
    return _resealed(anew, anew.tree, change.now)


def without_recipient(change: Change, recipient: str) -> bytes:
    """Under a new data key, as the old one is known. Raises SecretFault."""
    about = change.open().file.metadata
    if recipient not in about.recipients:
        reason = f"{recipient[:100]!r} is no recipient of it"
        raise SecretFault(RECIPIENT, "", reason, "See manage.py secrets recipients list")
    left = [each for each in about.recipients if each != recipient]
    if not {each.recipient for each in change.identities} & set(left):
        reason = "nobody with this node's key could open it any more"
        raise SecretFault(RECIPIENT, "", reason, "Add another key of this node's first")
    return rotated(change, left)


def _resealed(file: OpenFile, tree: Tree, now: float) -> bytes:
    """Equal values at equal places keep their seals, so that a commit shows what has changed."""
    pairs = zip(leaves(file.tree), leaves(file.file.tree), strict=True)
    kept = {(path, plain): seal.text for (path, plain), (_, seal) in pairs}
    return _written(file, tree, now, kept)


def _written(file: OpenFile, tree: Tree, now: float, kept: dict[tuple[Path, Leaf], str]) -> bytes:
    about, values = file.file.metadata, list(leaves(tree))
    modified = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = sealed(Leaf(STR, mac_of(about, values)), file.key, modified)
    table = metadata_written(replace(about, modified=modified, mac=mac))
    seals = [_sealed(about, file.key, path, leaf, kept) for path, leaf in values]
    whole: dict[str, Any] = {**_mapping(replaced(tree, iter(seals))), METADATA: table}
    text = json_form.written(whole) if file.file.form == JSON else yaml_writing.written(whole)
    if len(text.encode()) > FILE_BYTES:
        raise SecretFault(LIMIT, "", f"would have over {FILE_BYTES} bytes", REMEDY.shorten)
    return text.encode()


def _sealed(
    about: Metadata, key: DataKey, path: Path, leaf: Leaf, kept: dict[tuple[Path, Leaf], str]
) -> Leaf:
    if leaf.kind == NULL or not leaf.text or not about.selection.seals(path):
        return leaf
    return Leaf(STR, kept.get((path, leaf)) or sealed(leaf, key, bound_to(path)))


def _mapping(node: Any) -> Tree:
    assert isinstance(node, dict)
    return node
