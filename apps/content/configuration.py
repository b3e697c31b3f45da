"""How a site wants to be read: its layout, recognised or configured, and its `[whispercms]` table.

First stage of a sync: everything after it depends on this value. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.content.flaws import FlawError
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.content.toml_places import Places

PATH, TABLE = "config.toml", "whispercms"
SCHEMA = 1
"""The version of the form that a site repository has; raise it with a migration (`upgrades`)."""
OWN_FOLDERS = ("themes/", "plugins/", "policies/", "secrets/")

BASE_URL = r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$"
LANGUAGE = r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$"

LayoutName = Literal["whispercms", "zola", "plain"]
Dialect = Literal["commonmark", "python-markdown"]


class Table(BaseModel):
    """The table `[whispercms]`. Themes and plugins are read by the extensions app."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    schema_: int = Field(default=1, alias="schema", ge=1)
    title: str = Field(default="", max_length=300)
    description: str = Field(default="", max_length=2000)
    base_url: str = Field(default="", pattern=BASE_URL)
    language: str = Field(default="", pattern=LANGUAGE)
    layout: LayoutName | None = None
    markdown: Dialect | None = None
    content: str | None = Field(default=None, pattern=r"^([\w-][\w .-]*(/[\w-][\w .-]*)*/?)?$")
    taxonomies: list[str] | None = None
    permalinks: dict[str, str] = {}
    themes: list[dict[str, Any]] | None = None
    plugins: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A site's configuration, decoded. `root` ends with a slash or is empty.

    `themes` and `plugins` are None where the site says nothing of them.
    """

    title: str
    description: str
    base_url: str
    language: str
    layout: LayoutName
    root: str
    markdown: Dialect
    taxonomies: tuple[str, ...]
    permalinks: Mapping[str, str] = field(default_factory=dict)
    own: bool
    schema: int = SCHEMA
    themes: tuple[Mapping[str, Any], ...] | None = None
    plugins: tuple[Mapping[str, Any], ...] | None = None
    text: str = ""

    def reading(self) -> tuple[object, ...]:
        """What the index rows of every document depend on."""
        links = tuple(sorted(self.permalinks.items()))
        return self.layout, self.root, self.markdown, self.taxonomies, links, self.own


class ConfigurationError(Exception):
    """The site cannot be read with this configuration; all its problems are named together."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("; ".join(map(str, self.problems)))


def read_configuration(text: str | None, names: frozenset[str]) -> Configuration:
    """`text` is `config.toml` or None, `names` are the entries of the top folder.

    Raises ConfigurationError.
    """
    values = _toml(text) if text is not None else {}
    own = TABLE in values
    _check_schema(values, text or "")
    table = _table(values[TABLE], text or "") if own else Table()
    layout = table.layout or _recognise(values, names, own=own)
    foreign = values if layout == "zola" else {}
    root = table.content if table.content is not None else _root(layout, names)
    return Configuration(
        title=table.title or _text(foreign, "title"),
        description=table.description or _text(foreign, "description"),
        base_url=(table.base_url or _text(foreign, "base_url", BASE_URL)).rstrip("/"),
        language=table.language or _text(foreign, "default_language", LANGUAGE) or "en",
        layout=layout,
        root=f"{root.strip('/')}/" if root.strip("/") else "",
        markdown=table.markdown or _dialect(names),
        taxonomies=_taxonomies(table, foreign),
        permalinks=table.permalinks,
        own=own,
        schema=table.schema_,
        themes=None if table.themes is None else tuple(table.themes),
        plugins=None if table.plugins is None else tuple(table.plugins),
        text=text or "",
    )


def line_of(text: str, *place: object) -> int:
    """The line where a value of a TOML text was written, or what holds it."""
    return Places(text).line([part for part in place if isinstance(part, str | int)])


def declared_schema(values: Mapping[str, Any]) -> int | None:
    """What a decoded `config.toml` says of its form: 1 where it says nothing that is a number, None
    for a site without a table of ours."""
    if TABLE not in values:
        return None
    table = values[TABLE]
    declared = table.get("schema", 1) if isinstance(table, dict) else 1
    return declared if isinstance(declared, int) and not isinstance(declared, bool) else 1


def schema_remedy(declared: int, current: int) -> str | None:
    """Why a site of another form is not read, and what to do; None where it is."""
    if declared > current:
        return f"the site has schema {declared}, not {current}; upgrade WhisperCMS"
    if 0 < declared < current:
        return f"the site has schema {declared}, not {current}; run manage.py upgradesite"
    return None


def _check_schema(values: Mapping[str, Any], text: str) -> None:
    """Before anything else of the table: another form may have keys that are unknown here."""
    if reason := schema_remedy(declared_schema(values) or SCHEMA, SCHEMA):
        line = line_of(text, TABLE, "schema")
        raise ConfigurationError([Problem(PATH, line, "site.schema", reason)])


def _toml(text: str) -> dict[str, Any]:
    try:
        return read_toml(text)
    except FlawError as error:
        problem = Problem(PATH, error.line, "config.syntax", error.reason)
        raise ConfigurationError([problem]) from error


def _table(value: object, text: str) -> Table:
    try:
        return Table.model_validate(value)
    except ValidationError as error:
        problems = [
            Problem(
                PATH,
                line_of(text, TABLE, *found["loc"]),
                "config.unknown-key" if found["type"] == "extra_forbidden" else "config.value",
                f"{'.'.join(map(str, (TABLE, *found['loc'])))}: {found['msg']}",
            )
            for found in error.errors()
        ]
        raise ConfigurationError(problems) from error


def _recognise(values: Mapping[str, Any], names: frozenset[str], *, own: bool) -> LayoutName:
    if isinstance(values.get("base_url"), str) and "content" in names:
        return "zola"
    return "whispercms" if own else "plain"


def _root(layout: LayoutName, names: frozenset[str]) -> str:
    if layout == "plain":
        return "docs" if {"docs", "mkdocs.yml"} <= names else ""
    return "content"


def _dialect(names: frozenset[str]) -> Dialect:
    """MkDocs and Pelican render with Python-Markdown; everyone else with CommonMark."""
    return "python-markdown" if names & {"mkdocs.yml", "pelicanconf.py"} else "commonmark"


def _taxonomies(table: Table, foreign: Mapping[str, Any]) -> tuple[str, ...]:
    if table.taxonomies is not None:
        return tuple(table.taxonomies)
    listed = foreign.get("taxonomies")
    named = [t["name"] for t in listed if _named(t)] if isinstance(listed, list) else []
    return tuple(named) or ("tags",)


def _named(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)


def _text(values: Mapping[str, Any], key: str, pattern: str = ".*") -> str:
    """A text of a foreign configuration; one that is not of its form counts as none."""
    value = values.get(key)
    return value if isinstance(value, str) and re.fullmatch(pattern, value) else ""
