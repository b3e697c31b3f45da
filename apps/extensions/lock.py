"""`extensions.lock`: the bytes that the owner of a site has accepted of each of its extensions, and
what they may do. Pure."""

import json
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.content.configuration import line_of
from apps.content.flaws import FlawError
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.extensions.capabilities import consent
from apps.extensions.defects import sentence, told
from apps.extensions.finding import BUNDLED, ExtensionFiles, Kind
from apps.extensions.limits import CAPABILITIES, SOURCE_CHARACTERS
from apps.extensions.names import ID

PATH = "extensions.lock"
DIGEST = r"^sha256:[0-9a-f]{64}$"
ACCEPT = "manage.py extension upgrade"
PIN = "manage.py extension lock"


class Entry(BaseModel):
    """One extension's pin. Capabilities are granted by name. `source` and `commit` say where its
    bytes were installed from, for an upgrade; they prove nothing."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    digest: str | None = Field(default=None, pattern=DIGEST)
    capabilities: list[str] = Field(default=[], max_length=CAPABILITIES)
    source: str | None = Field(default=None, max_length=SOURCE_CHARACTERS)
    commit: str | None = Field(default=None, pattern=r"^[0-9a-f]{40}$")


class Tables(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    themes: dict[str, Entry] = {}
    plugins: dict[str, Entry] = {}

    def entry(self, kind: Kind, name: str) -> Entry | None:
        return self.of(kind).get(name)

    def having(self, kind: Kind, name: str, entry: Entry | None) -> "Tables":
        """With another pin, or with none."""
        entries = {key: each for key, each in self.of(kind).items() if key != name}
        entries |= {name: entry} if entry else {}
        return self.model_copy(update={f"{kind}s": entries})

    def of(self, kind: Kind) -> dict[str, Entry]:
        return self.themes if kind == "theme" else self.plugins


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock as read, with what is wrong with it."""

    tables: Tables
    problems: tuple[Problem, ...] = ()


def read_lock(content: bytes | None) -> Lock:
    """A lock that cannot be read grants nothing."""
    if content is None:
        return Lock(Tables())
    text = content.decode("utf-8", "replace")
    try:
        return Lock(Tables.model_validate(read_toml(text)))
    except FlawError as error:
        problem = Problem(PATH, error.line, "lock.syntax", error.reason)
        return Lock(Tables(), (problem,))
    except ValidationError as error:
        problems = tuple(
            Problem(PATH, line_of(text, *place), "lock.value", sentence(place, reason))
            for place, _, reason in told(error)
        )
        return Lock(Tables(), problems)


def write_lock(tables: Tables) -> bytes:
    """The same tables for the same text, in a fixed order."""
    lines = []
    for kind, entries in (("themes", tables.themes), ("plugins", tables.plugins)):
        for name, entry in sorted(entries.items()):
            lines.append(f"[{kind}.{name if ID.fullmatch(name) else json.dumps(name)}]")
            for key, value in entry.model_dump(exclude_none=True).items():
                lines.append(f"{key} = {json.dumps(value)}")
            lines.append("")
    return "\n".join(lines).encode()


def granted(
    lock: Lock, extension: ExtensionFiles, declared: frozenset[str]
) -> tuple[frozenset[str], list[Problem]]:
    """What an extension may do: declared and granted. Bundled ones come with the product and are
    granted what they declare, unless the lock names them."""
    entry = lock.tables.entry(extension.kind, extension.id)
    if entry is None and extension.origin == BUNDLED:
        return declared, []
    if entry is None and not declared:
        return frozenset(), []
    if entry is None:
        return frozenset(), [Problem(PATH, 0, "lock.not-granted", _asked(extension, declared))]
    if entry.digest and entry.digest != extension.digest():
        reason = (
            f"its files are not those that {PATH} pins: expected {entry.digest}, found"
            f" {extension.digest()}; to accept them: {ACCEPT} {extension.key}"
        )
        return frozenset(), [Problem(extension.folder, 0, "lock.digest", reason)]
    return declared & frozenset(entry.capabilities), []


def unpinned(lock: Lock, extension: ExtensionFiles) -> Problem | None:
    """That nobody has accepted these bytes yet. Those of bundled extensions belong to the product's
    version."""
    entry = lock.tables.entry(extension.kind, extension.id)
    if extension.origin == BUNDLED or (entry is not None and entry.digest):
        return None
    reason = f"nobody has accepted its files yet; to pin them in {PATH}: {PIN}"
    return Problem(extension.folder, 0, "lock.unpinned", reason)


def _asked(extension: ExtensionFiles, declared: frozenset[str]) -> str:
    """What is asked in words for people, then what to write down to grant it."""
    names = ", ".join(f'"{name}"' for name in sorted(declared))
    return (
        f"{extension.id} asks for what nobody has granted. {' '.join(consent(declared))} If you"
        f" trust it, run {PIN}, or add [{extension.kind}s.{extension.id}] capabilities = [{names}]"
    )
