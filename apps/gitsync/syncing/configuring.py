"""What a commit says of how it is to be read: `config.toml`, and other systems' configuration.

First step of a sync. Other systems' files are decoded in a confined worker, and only where they
changed; one that cannot be read is told of, and what it would say is what that system's defaults
are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from apps.content.configuration import (
    PATH,
    Configuration,
    ConfigurationError,
    read_configuration,
    wants,
)
from apps.content.pointer import Pointer, foreign_values
from apps.content.problems import Problem, display_path
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.gitsync.git.output import TreeItem
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing import reading

FILES: Final = 60
"""Of other systems' configuration."""
TREE: Final = "40000"
CODE: Final = "config.foreign"
SUFFIXES: Final = frozenset((".toml", ".yaml", ".yml", ".json"))


@dataclass(frozen=True, slots=True)
class Configured:
    """`names` are the top folder's entries, a line each; `others` is for the pointer; `problems`
    are of files that could not be read."""

    configuration: Configuration
    names: str
    others: str
    problems: tuple[Problem, ...] = ()


def configured(
    repository: Repository, commit: str, renderer: Renderer, before: Pointer | None
) -> Configured:
    """Raises ConfigurationError."""
    top = repository.top(commit)
    item = next((item for item in top if item.path == PATH.encode()), None)
    text = _text(repository, item) if item is not None else None
    names = sorted(display_path(item.path) for item in top)
    wanted = wants(text, frozenset(names))
    found = sorted(_items(repository, top, wanted)) if wanted else []
    known = _known(before, renderer)
    kept, problems = _decoded(repository, renderer, found[:FILES], known)
    for path, _ in found[FILES : FILES + 1]:
        reason = f"there are over {FILES} such files; this one and those after it are not read"
        problems.append(Problem(path, 0, CODE, reason))
    others = json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""
    values = foreign_values(others)
    configuration = read_configuration(text, frozenset(names), values)
    return Configured(configuration, "\n".join(names), others, tuple(problems))


def _text(repository: Repository, item: TreeItem) -> str:
    blob = _config_blob(repository, item)
    content = b"".join(content for _, content in repository.read([blob]))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem(PATH, line, "config.encoding", "the file is not UTF-8")
        raise ConfigurationError([problem]) from error


def _config_blob(repository: Repository, item: TreeItem) -> str:
    """Raises ConfigurationError for what is no file, or none that a person would write."""
    if not item.mode.startswith("100"):
        problem = Problem(PATH, 0, "config.no-file", "this is not a regular file; commit one")
        raise ConfigurationError([problem])
    if (size := repository.sizes([item.blob])[item.blob]) > reading.KEPT_BYTES:
        reason = f"{size} bytes; {reading.KEPT_BYTES} are the most"
        raise ConfigurationError([Problem(PATH, 0, "config.too-large", reason)])
    return item.blob


def _items(
    repository: Repository, top: list[TreeItem], wanted: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """(path, blob) of the regular files among those that are wanted."""
    folders: dict[str, list[TreeItem]] = {"": top}
    for path in wanted:
        above, _, name = path.rpartition("/")
        for item in _entries(repository, above, folders):
            own = display_path(item.path)
            fits = own == name or (not name and PurePosixPath(own).suffix in SUFFIXES)
            if fits and item.mode.startswith("100"):
                yield f"{above}/{own}" if above else own, item.blob


def _entries(
    repository: Repository, folder: str, known: dict[str, list[TreeItem]]
) -> list[TreeItem]:
    if folder not in known:
        above, _, name = folder.rpartition("/")
        items = _entries(repository, above, known)
        trees = (
            item.blob for item in items if item.mode.lstrip("0") == "40000" and _is(item, name)
        )
        tree = next(trees, None)
        known[folder] = repository.top(tree) if tree else []
    return known[folder]


def _is(item: TreeItem, name: str) -> bool:
    return display_path(item.path) == name


def _known(before: Pointer | None, renderer: Renderer) -> Mapping[str, Any]:
    """What was decoded for the commit before by the same reader."""
    if before is None or before.renderer != renderer.id or not before.others:
        return {}
    known: dict[str, Any] = json.loads(before.others)
    return known


def _decoded(
    repository: Repository,
    renderer: Renderer,
    items: list[tuple[str, str]],
    known: Mapping[str, Any],
) -> tuple[dict[str, Any], list[Problem]]:
    same = {p: known[p] for p, blob in items if p in known and known[p]["blob"] == blob}
    changed = {path: blob for path, blob in items if path not in same}
    made: dict[str, Any] = {}
    sources, problems = _sources(repository, changed)
    for source, answer in renderer.settings(sources):
        if flaw := answer["problem"]:
            reason = f"{flaw['reason']}; defaults are used"
            problems.append(Problem(source.path, flaw["line"], CODE, reason))
        made[source.path] = {"blob": changed[source.path], "values": answer["values"]}
    return {**same, **made}, problems


def _sources(
    repository: Repository, changed: Mapping[str, str]
) -> tuple[list[Source], list[Problem]]:
    sizes = repository.sizes(sorted(set(changed.values())))
    fitting = sorted({blob for blob in changed.values() if sizes[blob] <= reading.KEPT_BYTES})
    contents = dict(repository.read(fitting))
    found, problems = [], []
    for path, blob in changed.items():
        try:
            found.append(Source(path, "", contents[blob].decode("utf-8-sig")))
        except (KeyError, UnicodeDecodeError):
            reason = f"it is no UTF-8, or has over {reading.KEPT_BYTES} bytes; defaults are used"
            problems.append(Problem(path, 0, CODE, reason))
    return found, problems
