"""`extension uninstall ID`: its files, its pin and its place in the lists go, as one commit."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from whispercms.management.owning import add_change_arguments, changed, extension_of
from whispercms.management.verb import Answer, Options

HELP = "remove an extension from the site; Git's history keeps it"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    add_change_arguments(parser)


def asks(options: Options) -> Iterable[Asked]:
    return [("install-extension", extension_of(options["id"]))]


def answer(options: Options) -> Answer:
    return changed(options, partial(planning.uninstall, key=options["id"]))
