"""How a site wants to be read: its layout, recognised or configured, and its `[whispercms]` table.

First stage of a sync: everything after it depends on this value. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.content import site_tables
from apps.content.entries import Alias
from apps.content.flaws import FlawError
from apps.content.foreign.files import Files, LayoutName, every, read, recognise, wanted
from apps.content.foreign.values import Foreign
from apps.content.menus import Line
from apps.content.parts import Dialect, Part
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.content.toml_places import Places
from apps.content.types import Types

PATH, TABLE = "config.toml", "whispercms"
SCHEMA = 1
"""The version of the form that a site repository has; raise it with a migration (`upgrades`)."""
OWN_FOLDERS = ("themes/", "plugins/", "policies/", "secrets/")

BASE_URL = r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$"
LANGUAGE = r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$"

INSIDE = r"^[\w-][\w .-]*(/[\w-][\w .-]*)*/?$"
SOURCES = 20


class Source(BaseModel):
    """A folder that is read by a layout of its own: a table of `[[whispercms.sources]]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    folder: str = Field(pattern=INSIDE)
    layout: LayoutName
    at: str = Field(default="/", pattern=r"^/([^/\\?#\s.][^/\\?#\s]*/)*$", max_length=200)


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
    sources: list[Source] = Field(default=[], max_length=SOURCES)
    taxonomies: list[str] | None = None
    permalinks: dict[str, str] = {}
    redirects: site_tables.Redirects = {}
    menus: site_tables.Menus = {}
    types: site_tables.Types = {}
    images: site_tables.Pictures = {}
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
    redirects: Mapping[str, str] = field(default_factory=dict)
    menus: tuple[Line, ...] = ()
    types: Types = ()
    focus: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    own: bool
    schema: int = SCHEMA
    themes: tuple[Mapping[str, Any], ...] | None = None
    plugins: tuple[Mapping[str, Any], ...] | None = None
    text: str = ""
    parts: tuple[Part, ...] = ()
    """The deepest folder first, the site itself last."""

    def part(self, source: str) -> Part:
        """Which of them a file belongs to."""
        return next(part for part in self.parts if source.startswith(part.top))

    def reading(self) -> tuple[object, ...]:
        """What the index rows of every document depend on."""
        return *(part.reading() for part in self.parts), self.types


class ConfigurationError(Exception):
    """The site cannot be read with this configuration; all its problems are named together."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("; ".join(map(str, self.problems)))


def read_configuration(
    text: str | None, names: frozenset[str], files: Files | None = None
) -> Configuration:
    """`text` is `config.toml` or None, `names` are the entries of the top folder, and `files` the
    values of another system's configuration files (`foreign.files`).

    Raises ConfigurationError.
    """
    values = _toml(text) if text is not None else {}
    own = TABLE in values
    _check_schema(values, text or "")
    table = _table(values[TABLE], text or "") if own else Table()
    layout = table.layout or recognise(names, values, files or {}) or _of_ours(own=own)
    foreign = read(layout, values, files or {}, _top(table, layout))
    main = _main(table, layout, foreign, names, own=own)
    return Configuration(
        title=table.title or foreign.title,
        description=table.description or foreign.description,
        base_url=(table.base_url or foreign.base_url).rstrip("/"),
        language=table.language or foreign.language or "en",
        layout=layout,
        root=main.root,
        markdown=main.markdown,
        taxonomies=main.taxonomies,
        permalinks=table.permalinks,
        redirects=table.redirects,
        menus=site_tables.lines_of(table.menus),
        types=site_tables.types_of(table.types),
        focus=site_tables.focus_of(table.images),
        own=own,
        schema=table.schema_,
        themes=None if table.themes is None else tuple(table.themes),
        plugins=None if table.plugins is None else tuple(table.plugins),
        text=text or "",
        parts=(*_sources(table, main, files or {}), main),
    )


def wants(text: str | None, names: frozenset[str]) -> tuple[str, ...]:
    """Files and folders (with a slash at the end) that `read_configuration` needs the values of.

    Raises ConfigurationError.
    """
    values = _toml(text) if text is not None else {}
    table = _table(values[TABLE], text or "") if TABLE in values else Table()
    top = _top(table, table.layout)
    found = {*wanted(names, table.layout, top)} if not top else {*every(table.layout, top)}
    for source in table.sources:
        found.update(every(source.layout, _folder(source.folder)))
    return tuple(sorted(found))


def line_of(text: str, *place: object) -> int:
    """The line where a value of a TOML text was written, or what holds it."""
    return Places(text).line([part for part in place if isinstance(part, str | int)])


def redirects_in(configuration: Configuration) -> tuple[Alias, ...]:
    """What the site redirects, as rows of its configuration."""
    redirected, text = configuration.redirects, configuration.text
    return tuple(site_tables.aliases_of(redirected, text, PATH, TABLE, "redirects"))


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
        places = Places(text)
        problems = [
            Problem(
                PATH,
                places.line([TABLE, *found["loc"]]),
                "config.unknown-key" if found["type"] == "extra_forbidden" else "config.value",
                f"{'.'.join(map(str, (TABLE, *found['loc'])))}: {found['msg']}",
            )
            for found in error.errors()
        ]
        raise ConfigurationError(problems) from error


def _of_ours(*, own: bool) -> LayoutName:
    return "whispercms" if own else "plain"


def _main(
    table: Table, layout: LayoutName, foreign: Foreign, names: frozenset[str], *, own: bool
) -> Part:
    top = _top(table, layout)
    said = table.content if table.content is not None else foreign.content
    root = top if layout == "jekyll" else _folder(_root(layout, names) if said is None else said)
    return Part(
        layout=layout,
        top="",
        root=root,
        own=own,
        markdown=table.markdown or _dialect(names),
        taxonomies=_taxonomies(table, foreign),
        permalinks=table.permalinks,
        foreign=foreign,
        readme=layout == "jekyll" and not any(name.startswith("index.") for name in names),
    )


def _sources(table: Table, main: Part, files: Files) -> tuple[Part, ...]:
    found = [_part(source, table, main, files) for source in table.sources]
    return tuple(sorted(found, key=lambda part: (-len(part.top), part.top)))


def _part(source: Source, table: Table, main: Part, files: Files) -> Part:
    top = _folder(source.folder)
    foreign = read(source.layout, {}, files, top)
    inside = {"plain": "", "jekyll": ""}.get(source.layout, foreign.content or "content")
    return Part(
        layout=source.layout,
        top=top,
        root=top + _folder(inside),
        at=tuple(part for part in source.at.split("/") if part),
        own=main.own,
        markdown=main.markdown,
        taxonomies=main.taxonomies if table.taxonomies is not None else _taxonomies(table, foreign),
        permalinks=table.permalinks,
        foreign=foreign,
    )


def _folder(path: str) -> str:
    return f"{path.strip('/')}/" if path.strip("/") else ""


def _top(table: Table, layout: LayoutName | None) -> str:
    """Jekyll's files stand beside its configuration, such as in `docs/`."""
    return _folder(table.content or "") if layout == "jekyll" else ""


def _root(layout: LayoutName, names: frozenset[str]) -> str:
    if layout == "plain":
        return "docs" if {"docs", "mkdocs.yml"} <= names else ""
    return "content"


def _dialect(names: frozenset[str]) -> Dialect:
    """MkDocs and Pelican render with Python-Markdown; everyone else with CommonMark."""
    return "python-markdown" if names & {"mkdocs.yml", "pelicanconf.py"} else "commonmark"


def _taxonomies(table: Table, foreign: Foreign) -> tuple[str, ...]:
    if table.taxonomies is not None:
        return tuple(table.taxonomies)
    return ("tags",) if foreign.taxonomies is None else foreign.taxonomies
