"""From a site's lists of extensions to what is to run: parse → override → disable → link. Pure.

Each stage takes a draft and returns another. A defect ends nothing: all are told together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from apps.content.configuration import PATH, TABLE, Configuration, line_of
from apps.content.problems import Problem
from apps.extensions import lock
from apps.extensions.configuration import PluginChoice, ThemeMount, read_choices
from apps.extensions.finding import ExtensionFiles, Kind, find
from apps.extensions.granting import left_of
from apps.extensions.inspecting import manifest_of
from apps.extensions.linking import Linked, disagreements
from apps.extensions.manifests import PluginManifest, ThemeManifest, check_settings
from apps.extensions.names import ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the lists. `may_run` is False where nobody has accepted its bytes."""

    kind: Kind
    choice: ThemeMount | PluginChoice
    line: int
    files: ExtensionFiles | None = None
    manifest: PluginManifest | ThemeManifest | None = None
    settings: Mapping[str, Any] | None = None
    granted: frozenset[str] = frozenset()
    may_run: bool = True
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def mount(self) -> str:
        return self.choice.mount if isinstance(self.choice, ThemeMount) else ""

    def having(self, *problems: Problem, **changes: Any) -> "Listed":
        return replace(self, problems=(*self.problems, *problems), **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`problems` are of no single line."""

    configuration: Configuration
    kept: Mapping[str, bytes]
    bundled: Path
    pinned: bool
    listed: tuple[Listed, ...] = ()
    problems: tuple[Problem, ...] = ()

    def all_problems(self) -> list[Problem]:
        each = (problem for listed in self.listed for problem in listed.problems)
        return sorted({*self.problems, *each})

    def each(self, change: Callable[[Listed], Listed]) -> "Draft":
        return replace(self, listed=tuple(map(change, self.listed)))


def parse(draft: Draft) -> Draft:
    """Every listed extension, found and read."""
    choices = read_choices(draft.configuration)
    wanted: list[tuple[Kind, Sequence[ThemeMount | PluginChoice]]] = [
        ("theme", choices.all_themes),
        ("plugin", choices.all_plugins),
    ]
    text = draft.configuration.text
    listed = [
        Listed(kind=kind, choice=choice, line=line_of(text, TABLE, f"{kind}s", row, "id"))
        for kind, chosen in wanted
        for row, choice in zip(choices.rows[kind], chosen, strict=True)
    ]
    found = tuple(_parsed(each, draft) for each in listed)
    return replace(draft, listed=found, problems=(*draft.problems, *choices.problems))


def override(draft: Draft) -> Draft:
    """What the site says of each counts more than what it says of itself: settings, then the lock,
    then policies."""
    pins = lock.read_lock(draft.kept.get(lock.PATH))

    def granted(listed: Listed) -> Listed:
        if listed.files is None or listed.manifest is None:
            return listed
        if pins.problems:  # Nothing is known of what was granted, and that is told once.
            return listed.having(may_run=False)
        declared = frozenset(getattr(listed.manifest, "capabilities", ()))
        held, refused = lock.granted(pins, listed.files, declared)
        loose = lock.unpinned(pins, listed.files)
        if loose and draft.pinned:
            refused.append(loose)
        may_run = not refused
        warned = (loose,) if loose and not draft.pinned else ()
        held = left_of(held, listed.files, draft.kept)
        return listed.having(*refused, granted=held, may_run=may_run, warnings=warned)

    told = replace(draft, problems=(*draft.problems, *pins.problems))
    return told.each(_configured).each(granted)


def disable(draft: Draft) -> Draft:
    """What is not enabled is gone, and what is wrong with it is nobody's concern."""
    return replace(draft, listed=tuple(each for each in draft.listed if each.choice.enabled))


def link(draft: Draft) -> Draft:
    """What is left, held against each other."""
    linked = [Linked(e.files, e.manifest, e.mount) for e in draft.listed if e.files]
    return replace(draft, problems=(*draft.problems, *disagreements(linked)))


Stage = Callable[[Draft], Draft]
STAGES: Final[tuple[Stage, ...]] = (parse, override, disable, link)


def staged(draft: Draft) -> Draft:
    for stage in STAGES:
        draft = stage(draft)
    return draft


def _parsed(listed: Listed, draft: Draft) -> Listed:
    name = listed.choice.id
    files = find(listed.kind, name, draft.kept, draft.bundled)
    if files is None:
        path = f"{listed.kind}s/{name}/{listed.kind}.toml"
        reason = f"there is no {listed.kind} {name!r}: {path} is missing"
        return listed.having(Problem(PATH, listed.line, "extension.missing", reason))
    manifest = manifest_of(files)
    if isinstance(manifest, list):
        return listed.having(*manifest, files=files)
    return listed.having(files=files, manifest=manifest)


def _configured(listed: Listed) -> Listed:
    if listed.manifest is None:
        return listed
    values, defects = check_settings(listed.manifest, listed.choice.settings)
    return listed.having(*_told(listed, defects), settings=values)


def _told(listed: Listed, defects: Sequence[str]) -> Iterator[Problem]:
    for defect in defects:
        yield Problem(PATH, listed.line, "config.setting", f"{listed.choice.id}: {defect}")


def everything(draft: Draft, others: Iterable[tuple[Kind, str]] = ()) -> tuple[Listed, ...]:
    """For people: what is listed, enabled or not, what the site has and does not list, and `others`
    that may be had."""
    found = override(parse(draft)).listed
    named = {(each.kind, each.choice.id) for each in found}
    folders = sorted({tuple(path.split("/")[:2]) for path in draft.kept if path.count("/") > 1})
    kinds: dict[str, Kind] = {"themes": "theme", "plugins": "plugin"}
    own = [(kinds[top], name) for top, name in folders if top in kinds and ID.fullmatch(name)]
    rest = [_unlisted(*each) for each in dict.fromkeys((*own, *others)) if each not in named]
    apart = override(replace(draft, listed=tuple(_parsed(each, draft) for each in rest)))
    return (*found, *apart.listed)


def _unlisted(kind: Kind, name: str) -> Listed:
    if kind == "theme":
        return Listed(kind=kind, choice=ThemeMount(id=name, enabled=False), line=0)
    return Listed(kind=kind, choice=PluginChoice(id=name, enabled=False), line=0)
