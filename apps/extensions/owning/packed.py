"""An extension as its author hands it on: one packed file, unpacked by a confined worker into
memory. Its answer is held against the same rules, as who unpacked may have been taken over."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from apps.content.carrying import as_content, as_text
from apps.content.flaws import FlawError
from apps.content.strict import read_toml
from apps.extensions import limits
from apps.extensions.finding import KINDS, SITE, ExtensionFiles, Kind
from apps.extensions.messages import legible
from apps.extensions.names import ID
from apps.extensions.owning.owned import OwnerRefused
from apps.extensions.sandbox.unpacking import is_fit
from apps.runtime.faults import WorkerDied, WorkerFault, WorkerTimeout
from apps.runtime.limits import MIB, Limits, WorkerSpec
from apps.runtime.workers import Workers

LIMITS: Final = Limits(
    memory=512 * MIB,
    cpu_seconds=5.0,
    wall_seconds=15.0,
    request_bytes=2 * limits.PACKED_BYTES,
    reply_bytes=2 * limits.EXTENSION_BYTES,
    calls=1,
)
SPEC: Final = WorkerSpec(
    name="unpacking", entry="apps.extensions.sandbox.archive_worker", setup={}, limits=LIMITS
)


def unpack(content: bytes, workers: Workers) -> ExtensionFiles:
    """Raises OwnerRefused, and WorkerFault where this machine has no worker for it."""
    if len(content) > limits.PACKED_BYTES:
        raise OwnerRefused("packed.large", f"it has over {limits.PACKED_BYTES} bytes")
    pool = workers.pool(SPEC)
    try:
        told = pool.call({"content": as_text(content)})
    except (WorkerDied, WorkerTimeout) as fault:
        raise OwnerRefused("packed.broken", f"it could not be unpacked: {fault}") from fault
    finally:
        pool.close()
    return _extension(_files(told))


def _files(told: Any) -> Mapping[str, bytes]:
    try:
        if refused := told.get("refused"):
            code, reason = map(str, refused)
            raise OwnerRefused(code[:40], legible(reason[:200]))
        files = {path: as_content(content) for path, content in told["files"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WorkerFault("who unpacked it did not answer as agreed") from error
    if not all(map(is_fit, files)) or len(files) > limits.FILES:
        raise WorkerFault("who unpacked it did not answer as agreed")
    return files


def _extension(files: Mapping[str, bytes]) -> ExtensionFiles:
    """Of the one folder that has a manifest: people pack with and without the folder itself."""
    names = {f"{kind}.toml": kind for kind in KINDS}
    found = [path for path in sorted(files) if path.rpartition("/")[2] in names]
    top = [path for path in found if path.count("/") == min(p.count("/") for p in found)]
    if len(top) != 1:
        which = "no plugin.toml or theme.toml" if not top else "more than one extension"
        raise OwnerRefused("packed.none", f"there is {which} in it; pack one extension's folder")
    folder, _, name = top[0].rpartition("/")
    prefix = f"{folder}/" if folder else ""
    own = {p.removeprefix(prefix): each for p, each in files.items() if p.startswith(prefix)}
    return ExtensionFiles(
        names[name],
        _id(names[name], files[top[0]]),
        SITE,
        MappingProxyType(dict(sorted(own.items()))),
    )


def _id(kind: Kind, manifest: bytes) -> str:
    """What it calls itself."""
    try:
        name = read_toml(manifest[: limits.MANIFEST_BYTES].decode()).get("id")
    except (FlawError, UnicodeDecodeError) as error:
        raise OwnerRefused("packed.manifest", f"its {kind}.toml cannot be read: {error}") from error
    if isinstance(name, str) and ID.fullmatch(name):
        return name
    raise OwnerRefused("packed.manifest", f"its {kind}.toml gives it no usable id")
