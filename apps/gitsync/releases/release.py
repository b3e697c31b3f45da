"""A release: what an environment served from a moment on, pinned by digests. Pure.

Its text is canonical JSON (RFC 8785), and its id ends in that text's digest.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.gitsync.source import ENVIRONMENT

FORMAT = 1
RELEASE_BYTES = 256 * 1024
EXTENSIONS = 1_000
FUTURE_SECONDS = 24 * 60 * 60
"""How far another node's clock may be ahead: an id of the year 9999 would be the last for ever."""
ID = re.compile(rf"([0-9]{{8}}T[0-9]{{9}}Z)-({ENVIRONMENT})-([0-9a-f]{{16}})")
STAMP = 18
ID_FORMAT = "%Y%m%dT%H%M%S%f"
DIGEST = r"^sha256:[0-9a-f]{64}$"
MOMENT = r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{3}Z$"
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
OBJECT = r"^[0-9a-f]{40}([0-9a-f]{24})?$"


class ReleaseError(ValueError):
    """A text is not the release that its name says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionPin:
    """`origin` is `site` or `bundled`: whether the commit or this product has the bytes."""

    origin: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """All that the bytes of a page depend on, but for the request. `extensions` is by folder;
    `lock` and `policies` are None where the commit has none."""

    tree: str
    extensions: tuple[tuple[str, ExtensionPin], ...]
    lock: str | None
    policies: str | None
    renderer: str
    schema: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """`source` is the environment it came from; `previous` the release that was served before;
    `restores` the earlier one that a rollback went back to."""

    id: str
    source: str
    environment: str
    commit: str
    pins: Pins
    previous: str | None
    restores: str | None
    author: str
    moment: str
    cause: str

    @property
    def pinned(self) -> bool:
        """Whether the environment stays at this commit, whatever its branch does."""
        return self.restores is not None

    def as_json(self) -> dict[str, Any]:
        pins = asdict(self.pins) | {"extensions": {f: asdict(p) for f, p in self.pins.extensions}}
        return {
            "format": FORMAT,
            "id": self.id,
            "from": self.source,
            "to": self.environment,
            "commit": self.commit,
            **pins,
            "previous": self.previous,
            "restores": self.restores,
            "author": self.author,
            "moment": self.moment,
            "cause": self.cause,
        }


def named(release: Release) -> Release:
    """The release under its own id: the moment, the environment, and the digest of the rest."""
    stamp = re.sub(r"[-:.]", "", release.moment)
    text = rfc8785.dumps(replace(release, id="").as_json())
    digest = hashlib.sha256(text).hexdigest()[:16]
    return replace(release, id=f"{stamp}-{release.environment}-{digest}")


def encoded(release: Release) -> bytes:
    return rfc8785.dumps(release.as_json())


def decoded(content: bytes) -> Release:
    """Raises ReleaseError for anything but the canonical text of a release with its own id."""
    if len(content) > RELEASE_BYTES:
        raise ReleaseError(f"{len(content)} bytes; {RELEASE_BYTES} are the most")
    try:
        release = _Text.model_validate(json.loads(content)).release()
    except (ValidationError, ValueError, RecursionError) as error:
        raise ReleaseError("this is not the manifest of a release") from error
    if encoded(release) != content:
        raise ReleaseError("this is not canonical JSON (RFC 8785)")
    if named(release).id != release.id:
        raise ReleaseError("the id is not that of the content")
    return release


def moment_after(now: float, known: Iterable[str]) -> str:
    """Now, or just after the newest of the `known` ids where its node's clock is ahead of ours: a
    later release always sorts later."""
    moment = datetime.fromtimestamp(now, UTC)
    if newest := max((name[:STAMP] for name in known), default=""):
        moment = max(moment, moment_of(newest) + timedelta(milliseconds=1))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def moment_of(release_id: str) -> datetime:
    """Raises ValueError for what is no moment."""
    return datetime.strptime(release_id[:STAMP], ID_FORMAT).replace(tzinfo=UTC)


def environment_of(release_id: str) -> str | None:
    """None for what is not the id of a release."""
    found = ID.fullmatch(release_id)
    try:
        return found[2] if found and moment_of(release_id) else None
    except ValueError:
        return None


def is_from_the_future(release_id: str, now: float) -> bool:
    return moment_of(release_id).timestamp() > now + FUTURE_SECONDS


Digest = Annotated[str, Field(pattern=DIGEST)]
Id = Annotated[str, Field(pattern=f"^{ID.pattern}$")]
Name = Annotated[str, Field(pattern=f"^{ENVIRONMENT}$")]
Object = Annotated[str, Field(pattern=OBJECT)]
Line = Annotated[str, Field(max_length=300, pattern=PRINTABLE)]
Folder = Annotated[str, Field(pattern=r"^(themes|plugins)/[a-z][a-z0-9-]{0,63}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Pin(_Strict):
    origin: Literal["site", "bundled"]
    digest: Digest


class _Text(_Strict):
    format: Literal[1]
    id: Id
    source: Name = Field(alias="from")
    to: Name
    commit: Object
    tree: Object
    extensions: dict[Folder, _Pin] = Field(max_length=EXTENSIONS)
    lock: Digest | None
    policies: Digest | None
    renderer: Line
    schema_: int = Field(alias="schema", ge=1)
    host: Line
    previous: Id | None
    restores: Id | None
    author: Line
    moment: str = Field(pattern=MOMENT)
    cause: str = Field(max_length=2_000, pattern=PRINTABLE)

    def release(self) -> Release:
        pins = Pins(
            tree=self.tree,
            extensions=tuple(
                (folder, ExtensionPin(origin=pin.origin, digest=pin.digest))
                for folder, pin in sorted(self.extensions.items())
            ),
            lock=self.lock,
            policies=self.policies,
            renderer=self.renderer,
            schema=self.schema_,
            host=self.host,
        )
        return Release(
            id=self.id,
            source=self.source,
            environment=self.to,
            commit=self.commit,
            pins=pins,
            previous=self.previous,
            restores=self.restores,
            author=self.author,
            moment=self.moment,
            cause=self.cause,
        )
