"""`extension check PATH`: everything that loading would say of it, with place and remedy."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from apps.content.problems import Problem
from apps.extensions.workshop.checking import check_folder
from apps.extensions.workshop.remedies import remedy
from apps.gitsync.management.answers import workers_of_this_node
from whispercms.management.verb import EXIT_REFUSED, Answer, Options

HELP = "tell everything that is wrong with an extension in a folder"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="the folder of the extension")


def answer(options: Options) -> Answer:
    path = options["path"]
    with workers_of_this_node() as workers:
        problems = check_folder(path, workers)
    text = told(problems, path) or f"nothing is wrong with {path}"
    return Answer(values(problems), text, EXIT_REFUSED if problems else 0)


def values(problems: Sequence[Problem]) -> dict[str, object]:
    told = [{**each.as_json(), "remedy": remedy(each.code)} for each in problems]
    return {"problems": told}


def told(problems: Sequence[Problem], folder: Path) -> str:
    """With the paths as the author named the folder."""
    return "\n".join(
        f"{_place(each, folder)}: {each.reason} [{each.code}]\n    {remedy(each.code)}"
        for each in problems
    )


def _place(problem: Problem, folder: Path) -> str:
    parts = PurePosixPath(problem.path).parts[2:]
    path = str(folder.joinpath(*parts))
    return f"{path}:{problem.line}" if problem.line else path
