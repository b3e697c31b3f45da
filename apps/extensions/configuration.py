"""Which themes and plugins a site wants: two lists of the table `[whispercms]`. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.content.configuration import PATH, TABLE, Configuration, line_of
from apps.content.problems import Problem

Choice = TypeVar("Choice", bound=BaseModel)
ID = r"^[a-z][a-z0-9-]{0,63}$"
GROUP = r"^([a-z][a-z0-9-]{0,63})?$"
MOUNT = r"^/([a-z0-9][a-z0-9._-]*/)*$"
RESERVED = frozenset({"admin", "static", "media", "healthz", "readyz", "metrics"})
"""What answers there is the server's own."""


class ThemeMount(BaseModel):
    """Where a theme answers. Mounts begin and end with a slash."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str = Field(pattern=ID)
    mount: str = Field(default="/", pattern=MOUNT)
    settings: dict[str, Any] = {}
    enabled: bool = True


class PluginChoice(BaseModel):
    """A plugin that is enabled, with its settings; the order of the list is the plugins'.

    Plugins of one `group` share a worker: faster, but nothing but Lua keeps them apart.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str = Field(pattern=ID)
    group: str = Field(default="", pattern=GROUP)
    settings: dict[str, Any] = {}
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """The extensions of a site, in order; the listed ones that are not enabled keep their place and
    settings, and nothing else."""

    all_themes: tuple[ThemeMount, ...]
    all_plugins: tuple[PluginChoice, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def themes(self) -> tuple[ThemeMount, ...]:
        return tuple(each for each in self.all_themes if each.enabled)

    @property
    def plugins(self) -> tuple[PluginChoice, ...]:
        return tuple(each for each in self.all_plugins if each.enabled)


BUNDLED = Choices(
    all_themes=(ThemeMount(id="plain"), ThemeMount(id="feed", mount="/feed/")),
    all_plugins=(
        PluginChoice(id="reading-time", group="bundled"),
        PluginChoice(id="external-links", group="bundled"),
    ),
)
"""What a site has that says nothing of its extensions."""


def read_choices(configuration: Configuration) -> Choices:
    """All defects are reported together."""
    problems: list[Problem] = []
    themes, plugins = BUNDLED.all_themes, BUNDLED.all_plugins
    if configuration.themes is not None:
        themes = _read(ThemeMount, "themes", configuration.themes, configuration, problems)
    if configuration.plugins is not None:
        plugins = _read(PluginChoice, "plugins", configuration.plugins, configuration, problems)
    read = len(problems)
    mounts = [theme.mount if theme.enabled else "" for theme in themes]
    _refuse_twice("themes", mounts, configuration, problems)
    _refuse_twice("plugins", [plugin.id for plugin in plugins], configuration, problems)
    _refuse_reserved(themes, configuration, problems)
    if "/" not in mounts and not read:
        reason = 'no theme is mounted at "/"; add one to [[whispercms.themes]]'
        line = line_of(configuration.text, TABLE, "themes", 0)
        problems.append(Problem(PATH, line, "theme.none", reason))
    return Choices(themes, plugins, tuple(problems))


def _read(
    kind: type[Choice],
    name: str,
    listed: Sequence[Mapping[str, Any]],
    configuration: Configuration,
    problems: list[Problem],
) -> tuple[Choice, ...]:
    found = []
    for position, values in enumerate(listed):
        try:
            found.append(kind.model_validate(values))
        except ValidationError as error:
            for defect in error.errors():
                place = (TABLE, name, position, *defect["loc"])
                line = line_of(configuration.text, *place)
                reason = f"{'.'.join(map(str, place))}: {defect['msg']}"
                problems.append(Problem(PATH, line, "config.value", reason))
    return tuple(found)


def _refuse_twice(
    what: str, names: list[str], configuration: Configuration, problems: list[Problem]
) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        last = len(names) - 1 - names[::-1].index(name)
        line = line_of(configuration.text, TABLE, what, last)
        problems.append(
            Problem(PATH, line, "config.twice", f"{name} is given twice among the {what}")
        )


def _refuse_reserved(
    themes: Sequence[ThemeMount], configuration: Configuration, problems: list[Problem]
) -> None:
    for position, theme in enumerate(themes):
        first = theme.mount.strip("/").partition("/")[0]
        if theme.enabled and first in RESERVED:
            line = line_of(configuration.text, TABLE, "themes", position, "mount")
            reason = f"{theme.mount} is the server's own address; mount {theme.id} somewhere else"
            problems.append(Problem(PATH, line, "config.reserved", reason))
