"""Which themes and plugins a site wants: two lists of the table `[whispercms]`. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from apps.content.addresses import RESERVED
from apps.content.configuration import PATH, TABLE, Configuration, line_of
from apps.content.problems import Problem
from apps.extensions.defects import sentence, told
from apps.extensions.names import checked

Choice = TypeVar("Choice", bound=BaseModel)
ROOT: Final = "/"
MOUNT: Final = re.compile(r"/([a-z0-9][a-z0-9._-]*/)*")


def _group(value: str) -> str:
    return value and checked(value)


def _mount(value: str) -> str:
    if MOUNT.fullmatch(value) is None:
        raise ValueError("must be / or an address such as /blog/, of a-z, 0-9, '.', _ and -")
    return value


Id = Annotated[str, AfterValidator(checked)]


class ThemeMount(BaseModel):
    """Where a theme answers. Mounts begin and end with a slash."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: Id
    mount: Annotated[str, AfterValidator(_mount)] = ROOT
    settings: dict[str, Any] = {}
    enabled: bool = True


class PluginChoice(BaseModel):
    """A plugin that is enabled, with its settings; the order of the list is the plugins'.

    Plugins of one `group` share a worker: faster, but nothing but Lua keeps them apart.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: Id
    group: Annotated[str, AfterValidator(_group)] = ""
    settings: dict[str, Any] = {}
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """The extensions of a site, in order; the listed ones that are not enabled keep their place and
    settings, and nothing else. `rows` are where each stands in its list, by kind: what cannot be
    read is left out."""

    all_themes: tuple[ThemeMount, ...]
    all_plugins: tuple[PluginChoice, ...]
    problems: tuple[Problem, ...] = ()
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

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
    text, problems = configuration.text, list[Problem]()
    themes, plugins = dict(enumerate(BUNDLED.all_themes)), dict(enumerate(BUNDLED.all_plugins))
    if configuration.themes is not None:
        themes = _read(ThemeMount, "themes", configuration.themes, text, problems)
    if configuration.plugins is not None:
        plugins = _read(PluginChoice, "plugins", configuration.plugins, text, problems)
    is_readable = not problems
    mounts = {row: theme.mount for row, theme in themes.items() if theme.enabled}
    problems += _twice("themes", mounts, text)
    problems += _twice("plugins", {row: plugin.id for row, plugin in plugins.items()}, text)
    problems += _reserved(themes, text)
    if ROOT not in mounts.values() and is_readable:
        reason = f'no theme is mounted at "{ROOT}"; add one to [[whispercms.themes]]'
        problems.append(Problem(PATH, line_of(text, TABLE, "themes", 0), "theme.none", reason))
    return Choices(
        tuple(themes.values()),
        tuple(plugins.values()),
        tuple(problems),
        {"theme": tuple(themes), "plugin": tuple(plugins)},
    )


def _read(
    kind: type[Choice],
    name: str,
    listed: Sequence[Mapping[str, Any]],
    text: str,
    problems: list[Problem],
) -> dict[int, Choice]:
    """By row."""
    found = {}
    for row, values in enumerate(listed):
        try:
            found[row] = kind.model_validate(values)
        except ValidationError as error:
            for place, _, reason in told(error):
                at = (TABLE, name, row, *place)
                said = sentence(at, reason)
                problems.append(Problem(PATH, line_of(text, *at), "config.value", said))
    return found


def _twice(what: str, names: Mapping[int, str], text: str) -> Iterator[Problem]:
    """Told at the last of its rows."""
    counts, last = Counter(names.values()), {name: row for row, name in names.items()}
    for name in sorted(name for name, count in counts.items() if count > 1):
        line = line_of(text, TABLE, what, last[name])
        yield Problem(PATH, line, "config.twice", f"{name} is given twice among the {what}")


def _reserved(themes: Mapping[int, ThemeMount], text: str) -> Iterator[Problem]:
    for row, theme in themes.items():
        if theme.enabled and is_reserved(theme.mount):
            line = line_of(text, TABLE, "themes", row, "mount")
            reason = f"{theme.mount} is the server's own address; mount {theme.id} somewhere else"
            yield Problem(PATH, line, "config.reserved", reason)


def is_reserved(path: str) -> bool:
    """Whether what answers there is the server's own."""
    return path.split("/", 2)[1] in RESERVED
