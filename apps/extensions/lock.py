"""`extensions.lock`: what the owner of a site has granted to each of its extensions. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.content.configuration import line_of
from apps.content.flaws import FlawError
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.extensions.capabilities import consent
from apps.extensions.finding import BUNDLED, ExtensionFiles

PATH = "extensions.lock"


class Entry(BaseModel):
    """One extension's pin. Without a digest any bytes load; capabilities are granted by name."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    digest: str | None = Field(default=None, pattern=r"^sha256:[0-9a-f]{64}$")
    capabilities: list[str] = []


class Tables(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    themes: dict[str, Entry] = {}
    plugins: dict[str, Entry] = {}


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
            Problem(PATH, line_of(text, *defect["loc"]), "lock.value", defect["msg"])
            for defect in error.errors()
        )
        return Lock(Tables(), problems)


def granted(
    lock: Lock, extension: ExtensionFiles, declared: frozenset[str]
) -> tuple[frozenset[str], list[Problem]]:
    """What an extension may do: declared and granted. Bundled ones come with the product and are
    granted what they declare, unless the lock names them."""
    entries: Mapping[str, Entry] = getattr(lock.tables, f"{extension.kind}s")
    entry = entries.get(extension.id)
    if entry is None and extension.origin == BUNDLED:
        return declared, []
    if entry is None and not declared:
        return frozenset(), []
    if entry is None:
        return frozenset(), [Problem(PATH, 0, "lock.not-granted", _asked(extension, declared))]
    if entry.digest and entry.digest != extension.digest():
        reason = (
            f"{extension.folder} has the digest {extension.digest()}, not the one that is pinned;"
            " if the change is yours, pin the new one"
        )
        return frozenset(), [Problem(PATH, 0, "lock.digest", reason)]
    return declared & frozenset(entry.capabilities), []


def _asked(extension: ExtensionFiles, declared: frozenset[str]) -> str:
    """What is asked in words for people, then what to write down to grant it."""
    names = ", ".join(f'"{name}"' for name in sorted(declared))
    return (
        f"{extension.id} asks for what nobody has granted. {' '.join(consent(declared))} If you"
        f" trust it, add [{extension.kind}s.{extension.id}] capabilities = [{names}]"
    )
