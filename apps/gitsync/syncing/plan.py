"""Which of a commit's paths become documents, assets or kept files, and which cannot. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.content.configuration import Configuration
from apps.content.layouts import Role, role
from apps.content.problems import Problem, display_path
from apps.gitsync.git.output import TreeItem

LINK, SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: its path in the repository and the blob that holds it."""

    source: str
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a sync has to do. `touched` are all sources whose rows go first."""

    documents: tuple[SourceFile, ...]
    assets: tuple[SourceFile, ...]
    kept: tuple[SourceFile, ...]
    touched: tuple[str, ...]
    either: tuple[SourceFile, ...] = ()
    """Only what is written in them tells what they are."""
    problems: tuple[Problem, ...]


def plan(configuration: Configuration, items: Iterable[TreeItem]) -> Plan:
    """Sorts what changed by what it is to the server; every path is named once."""
    files: dict[Role, list[SourceFile]] = {kind: [] for kind in Role}
    touched, problems = [], []
    for item in sorted(items, key=lambda item: item.path):
        source = display_path(item.path)
        touched.append(source)
        if item.removed:
            continue
        # A link or a submodule may stand for a whole folder of what would be read.
        inside = f"{source}/index.md" if item.mode in (LINK, SUBMODULE) else source
        roles = {role(configuration, path) for path in (source, inside)}
        if roles == {Role.IGNORED}:
            continue
        if problem := _refused(item, source):
            problems.append(problem)
        else:
            files[role(configuration, source)].append(SourceFile(source, item.blob))
    return Plan(
        documents=tuple(files[Role.DOCUMENT]),
        assets=tuple(files[Role.ASSET]),
        kept=tuple(files[Role.KEPT]),
        touched=tuple(touched),
        either=tuple(files[Role.EITHER]),
        problems=tuple(problems),
    )


def _refused(item: TreeItem, source: str) -> Problem | None:
    if item.mode == LINK:
        return Problem(source, 0, "path.link", "symbolic links are not followed; commit the file")
    if item.mode == SUBMODULE:
        return Problem(source, 0, "path.submodule", "submodules are not read; commit the files")
    try:
        text = item.path.decode("utf-8")
    except UnicodeDecodeError:
        return Problem(source, 0, "path.encoding", "the file's name is not UTF-8; rename it")
    if "\\" in text:
        return Problem(source, 0, "path.backslash", "the file's name has a backslash; rename it")
    if not text.isprintable():
        reason = "the file's name has a line break or another control character; rename it"
        return Problem(source, 0, "path.control", reason)
    return None
