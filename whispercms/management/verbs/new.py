"""`extension new plugin|theme NAME`: the smallest one that works, with cases of its own."""

from argparse import ArgumentParser
from pathlib import Path

from apps.extensions.workshop.creating import CannotBegin, begin
from whispercms.management.verb import EXIT_USAGE, Answer, Options, VerbEnd
from whispercms.management.verbs import preview

HELP = "begin a plugin or a theme; of a theme a preview is written at once"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kind", choices=("plugin", "theme"))
    parser.add_argument("name", help="a-z, 0-9 and -")
    parser.add_argument("--folder", type=Path, default=Path(), help="of the site; else this one")


def answer(options: Options) -> Answer:
    kind, name = options["kind"], options["name"]
    try:
        folder = begin(kind, name, options["folder"])
    except CannotBegin as error:
        raise VerbEnd(EXIT_USAGE, "refused", str(error)) from error
    files = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    values = {"kind": kind, "id": name, "folder": str(folder), "files": files}
    lines = [*files, "", f"Try it:  manage.py extension check {folder}"]
    lines += [f"         manage.py extension test {folder}"]
    if kind == "theme":
        shown = preview.written_for(folder, preview.default_folder(name))
        values["preview"] = str(shown.index)
        lines += [f"Look at it:  {shown.index.absolute().as_uri()}"]
    return Answer(values, "\n".join(lines))
