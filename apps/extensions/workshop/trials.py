"""The cases of an extension in a folder, run as its kind is run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.content.problems import Problem
from apps.content.rendering import Renderer
from apps.extensions.settling import manifest_of
from apps.extensions.workshop.cases import read_cases
from apps.extensions.workshop.checking import check_files, ready
from apps.extensions.workshop.folders import read_folder
from apps.extensions.workshop.plugin_trials import try_plugin
from apps.extensions.workshop.results import Result
from apps.extensions.workshop.theme_trials import try_theme
from apps.runtime.workers import Workers


@dataclass(frozen=True, slots=True)
class Trials:
    """Where there are problems, nothing was run."""

    problems: Sequence[Problem]
    results: Sequence[Result]

    @property
    def failed(self) -> int:
        return sum(not result.passed for result in self.results)


def try_folder(folder: Path, workers: Workers, renderer: Renderer) -> Trials:
    """Raises NoExtension, SandboxMissing or WorkerFault."""
    files, unreadable = read_folder(folder)
    manifest = manifest_of(files)
    problems = [*unreadable, *check_files(files, workers)]
    if problems or isinstance(manifest, list):
        return Trials(sorted(problems), ())
    cases, _ = read_cases(files)
    run = try_plugin if files.kind == "plugin" else try_theme
    return Trials((), run(ready(files, manifest), cases, workers, renderer))
