"""`extension preview PATH`: the pages of a theme with sample content, as HTML files."""

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.content.rendering import Renderer
from apps.extensions.settling import manifest_of
from apps.extensions.workshop.checking import check_folder, ready
from apps.extensions.workshop.folders import read_folder
from apps.extensions.workshop.previewing import Preview, preview, write
from apps.gitsync.management.answers import workers_of_this_node
from whispercms.management.verb import EXIT_REFUSED, EXIT_USAGE, Answer, Options, VerbEnd
from whispercms.management.verbs.check import told

HELP = "write the pages of a theme with sample content as HTML files"


@dataclass(frozen=True, slots=True)
class Written:
    index: Path
    pages: list[Preview]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="the folder of the theme")
    parser.add_argument("--out", type=Path, help="where to; else in the folder of this node")


def answer(options: Options) -> Answer:
    path = options["path"]
    shown = written_for(path, options["out"] or default_folder(path.absolute().name))
    failed = {page.file: page.problem for page in shown.pages if page.problem}
    values: dict[str, Any] = {"index": str(shown.index), "failed": failed}
    values["pages"] = [page.file for page in shown.pages]
    lines = [f"{page.file:20} {page.problem or 'written'}" for page in shown.pages]
    text = "\n".join([*lines, shown.index.absolute().as_uri()])
    return Answer(values, text, EXIT_REFUSED if failed else 0)


def default_folder(name: str) -> Path:
    return Path(settings.STATE / "previews" / name)


def written_for(path: Path, out: Path) -> Written:
    """Raises VerbEnd and NoExtension."""
    with workers_of_this_node() as workers:
        problems = check_folder(path, workers)
        files, _ = read_folder(path)
        manifest = manifest_of(files)
        if problems or isinstance(manifest, list):
            raise VerbEnd(EXIT_REFUSED, "defects", told(problems, path))
        if files.kind != "theme":
            raise VerbEnd(EXIT_USAGE, "no-theme", "a plugin has no pages of its own")
        theme = ready(files, manifest)
        pages = preview(theme, workers, Renderer(workers))
        return Written(write(pages, theme, out), pages)
