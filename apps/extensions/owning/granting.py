"""What an extension asks for that its owner has not been asked about yet, and the pin that comes of
their consent. Pure."""

from apps.extensions.finding import ExtensionFiles, Kind
from apps.extensions.inspecting import manifest_of
from apps.extensions.lock import Entry
from apps.extensions.owning.owned import Owned, is_bundled, usable


def declared(files: ExtensionFiles) -> frozenset[str]:
    """Raises OwnerRefused."""
    return frozenset(getattr(usable(files), "capabilities", ()))


def asked(owned: Owned, files: ExtensionFiles) -> frozenset[str]:
    """Nothing of what comes with the product. What the owner withheld from the bytes that the lock
    pins stays withheld. Raises OwnerRefused."""
    if is_bundled(files):
        return frozenset()
    entry = owned.lock.entry(files.kind, files.id)
    if entry is None:
        return declared(files)
    return declared(files) - set(entry.capabilities) - _known(owned, files.kind, files.id, entry)


def pin(
    owned: Owned,
    files: ExtensionFiles,
    consented: frozenset[str],
    origin: tuple[str, str] | None = None,
) -> Entry:
    """`origin` is a Git repository and the commit in it; None leaves what stands there, if the
    bytes are the same."""
    before = owned.lock.entry(files.kind, files.id)
    held = (set(before.capabilities) if before else set()) | consented
    digest = files.digest()
    source, commit = origin or (None, None)
    if origin is None and before and before.digest == digest:
        source, commit = before.source, before.commit
    return Entry(
        digest=digest,
        capabilities=sorted(held & declared(files)),
        source=source,
        commit=commit,
    )


def _known(owned: Owned, kind: Kind, name: str, entry: Entry) -> frozenset[str]:
    """What the pinned bytes declare; nothing where these are others."""
    current = owned.own(kind, name)
    if current is None or (entry.digest and entry.digest != current.digest()):
        return frozenset()
    manifest = manifest_of(current)
    return frozenset() if isinstance(manifest, list) else frozenset(_capabilities(manifest))


def _capabilities(manifest: object) -> tuple[str, ...]:
    return tuple(getattr(manifest, "capabilities", ()))
