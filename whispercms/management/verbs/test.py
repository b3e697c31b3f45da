"""`extension test PATH`: runs the author's own cases, event in and proposals out."""

from argparse import ArgumentParser
from pathlib import Path

from apps.content.rendering import Renderer
from apps.extensions.workshop.results import Result
from apps.extensions.workshop.trials import Trials, try_folder
from apps.gitsync.management.answers import workers_of_this_node
from whispercms.management.verb import EXIT_REFUSED, Answer, Options
from whispercms.management.verbs import check

HELP = "run an extension's own cases, tests/*.toml"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="the folder of the extension")


def answer(options: Options) -> Answer:
    path = options["path"]
    with workers_of_this_node() as workers:
        trials = try_folder(path, workers, Renderer(workers))
    if trials.problems:
        text = check.told(trials.problems, path)
        return Answer(check.values(trials.problems), text, EXIT_REFUSED)
    values = {"cases": [result.as_json() for result in trials.results], "failed": trials.failed}
    return Answer(values, _text(trials), EXIT_REFUSED if trials.failed else 0)


def _text(trials: Trials) -> str:
    if not trials.results:
        return "there are no cases; write [[case]] tables in tests/*.toml"
    lines = [line for result in trials.results for line in _lines(result)]
    return "\n".join([*lines, f"{len(trials.results)} cases, {trials.failed} failed"])


def _lines(result: Result) -> list[str]:
    if result.passed:
        return [f"passed  {result.name}"]
    shown = [f"        {line}" for line in result.failures]
    return [f"FAILED  {result.name}  ({result.path}:{result.line})", *shown]
