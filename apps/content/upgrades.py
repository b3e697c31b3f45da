"""Brings the files of a site from an older schema to the current one, a pure step for each number.

There is one schema so far, so there is no step yet. Whoever raises `SCHEMA` adds the step here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.content.configuration import PATH, SCHEMA, TABLE, declared_schema, line_of, schema_remedy
from apps.content.flaws import FlawError
from apps.content.strict import read_toml

Files = Mapping[str, bytes]
Changed = Mapping[str, bytes | None]
"""Path → bytes; None removes."""
HEADER: Final = re.compile(rf"\s*\[\s*{TABLE}\s*\]\s*(#.*)?\r?")
NUMBER: Final = re.compile(r"(\s*(?:\w+\s*\.\s*)?schema\s*=\s*)\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """From schema `before` to the next one. `wants` names the files that it reads, `says` tells
    people what it does."""

    before: int
    says: str
    wants: Callable[[str], bool]
    change: Callable[[Files], Changed]


MIGRATIONS: Final[Sequence[Migration]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What takes a site from one schema to another; `changed` is empty where nothing has to be."""

    before: int
    after: int
    changed: Changed
    said: tuple[str, ...] = ()


class UpgradeError(ValueError):
    """The site cannot be upgraded by program; the message says what to do."""


def wanted(path: str, migrations: Sequence[Migration] = MIGRATIONS) -> bool:
    """Whether an upgrade has to see a file."""
    return path == PATH or any(each.wants(path) for each in migrations)


def upgrade(
    files: Files, migrations: Sequence[Migration] = MIGRATIONS, current: int = SCHEMA
) -> Upgrade:
    """`files` are all that are `wanted`. A site without a table of ours is of no schema: it is read
    as what it was made for. Raises UpgradeError."""
    values = _values(files.get(PATH))
    declared = declared_schema(values)
    if declared is None or declared == current:
        return Upgrade(before=current, after=current, changed={})
    if declared > current:
        raise UpgradeError(str(schema_remedy(declared, current)))
    steps = [each for each in migrations if declared <= each.before < current]
    at = dict(files)
    for step in steps:
        for path, content in step.change(dict(at)).items():
            at.pop(path, None)
            if content is not None:
                at[path] = content
    at[PATH] = with_schema(at[PATH].decode(), current).encode()
    changed: dict[str, bytes | None] = {p: None for p in files if p not in at}
    changed |= {path: content for path, content in at.items() if files.get(path) != content}
    said = tuple(step.says for step in steps)
    return Upgrade(before=declared, after=current, changed=changed, said=said)


def with_schema(text: str, schema: int) -> str:
    """`config.toml` with another number in it, and nothing else changed. Raises UpgradeError."""
    lines = text.split("\n")
    at = line_of(text, TABLE, "schema") - 1
    header = next((n for n, line in enumerate(lines) if HEADER.fullmatch(line)), None)
    if NUMBER.match(lines[at]):
        lines[at] = NUMBER.sub(rf"\g<1>{schema}", lines[at], count=1)
    elif header is not None:
        ending = "\r" if lines[header].endswith("\r") else ""
        lines.insert(header + 1, f"schema = {schema}{ending}")
    made = "\n".join(lines)
    if _values(made.encode()) != _expected(text, schema):
        raise UpgradeError(f"write schema = {schema} into the table [{TABLE}] by hand")
    return made


def _expected(text: str, schema: int) -> dict[str, Any]:
    values = _values(text.encode())
    return {**values, TABLE: {**values.get(TABLE, {}), "schema": schema}}


def _values(content: bytes | None) -> dict[str, Any]:
    if content is None:
        return {}
    try:
        return dict(read_toml(content.decode().removeprefix("\ufeff")))
    except (FlawError, UnicodeDecodeError) as error:
        raise UpgradeError(f"{PATH} cannot be read ({error}); mend it first") from error
