"""`extension disable ID`: it stays listed and configured, and does not run."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from whispercms.management.owning import add_change_arguments, changed, extension_of
from whispercms.management.verb import Answer, Options

HELP = "let an extension run no longer; its settings and grants are kept"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    add_change_arguments(parser)


def asks(options: Options) -> Iterable[Asked]:
    return [("enable-extension", extension_of(options["id"]))]


def answer(options: Options) -> Answer:
    return changed(options, partial(planning.disable, key=options["id"]))
