"""A site as another system's configuration describes it, and hostile values read into it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MANY = 200
"""Of anything that a configuration lists."""
TEXT = 2_000
BASE_URL = r"(https?://[^\s/?#]+(/[^\s?#]*)?)?"
LANGUAGE = r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?"
FOLDER = re.compile(r"[\w-][\w .-]*(/[\w-][\w .-]*)*")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of Jekyll's besides its posts. `permalink` may be empty."""

    name: str
    output: bool
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Front matter of all documents below `path` that are of a `type` (empty: of any)."""

    path: str
    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """What is not said is None or empty. `unused` names what nothing here stands for."""

    title: str = ""
    description: str = ""
    base_url: str = ""
    language: str = ""
    content: str | None = None
    static: tuple[str, ...] = ()
    taxonomies: tuple[str, ...] | None = None
    permalinks: Mapping[str, str] = field(default_factory=dict)
    """Section, collection or "" → pattern in that system's own words."""
    ugly: frozenset[str] | None = None
    """Top folders whose pages end in `.html`; None for all of them."""
    keeps_case: bool = False
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    """The default one first."""
    prefixed: bool = False
    """Whether the default language has a folder of its own in addresses."""
    collections: tuple[Collection, ...] = ()
    collections_folder: str = ""
    defaults: tuple[Defaults, ...] = ()
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def reading(self) -> "Foreign":
        """Without what no row of a document depends on."""
        return replace(self, title="", description="", base_url="", language="", unused=())


NOTHING = Foreign(ugly=frozenset())


def text(values: Values, *keys: str, pattern: str = r".*") -> str:
    """The first of the keys that is a text of this form, in one line."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, str) and len(value) <= TEXT:
            line = " ".join(value.split())
            if re.fullmatch(pattern, line):
                return line
    return ""


def texts(value: object) -> tuple[str, ...]:
    """A text or a list of texts; anything else in it is left out."""
    listed = value if isinstance(value, list) else [value]
    return tuple(each for each in listed[:MANY] if isinstance(each, str) and len(each) <= TEXT)


def table(values: Values, key: str) -> Mapping[str, Any]:
    value = values.get(key)
    return value if isinstance(value, dict) else {}


def tables(value: object) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else []
    return [each for each in listed[:MANY] if isinstance(each, dict)]


def folder(value: object) -> str | None:
    """A folder within the repository; "" for its top, None for what is none."""
    if not isinstance(value, str):
        return None
    path = value.removeprefix("./").strip("/")
    if path in ("", "."):
        return ""
    return path if FOLDER.fullmatch(path) and ".." not in path.split("/") else None


def lowered(value: object) -> dict[str, Any]:
    """A table by its keys in lower case, where a system does not tell them apart."""
    return {key.lower(): item for key, item in value.items()} if isinstance(value, dict) else {}


def truth(value: object) -> bool:
    """As YAML 1.1 has it, which Jekyll reads; anything else is not true."""
    return value is True or (isinstance(value, str) and value.lower() in ("true", "yes", "on"))


def unknown(values: Iterable[str], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({key[:80] for key in values} - known))[:MANY]
