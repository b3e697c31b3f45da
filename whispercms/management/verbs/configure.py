"""`extension configure ID KEY=VALUE...`: settings, read by what the manifest says they are."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from whispercms.management.owning import add_change_arguments, changed, extension_of
from whispercms.management.verb import EXIT_USAGE, Answer, Options, VerbEnd

HELP = "change an extension's settings"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    said = 'a list is written as JSON, such as words=["a","b"]'
    parser.add_argument("assignments", nargs="*", metavar="KEY=VALUE", help=said)
    said = "back to what the extension says itself"
    parser.add_argument("--unset", action="append", default=[], metavar="KEY", help=said)
    add_change_arguments(parser)


def asks(options: Options) -> Iterable[Asked]:
    return [("configure-extension", extension_of(options["id"]))]


def answer(options: Options) -> Answer:
    texts, unset = options["assignments"], options["unset"]
    if not texts and not unset:
        raise VerbEnd(EXIT_USAGE, "usage", "there is nothing to do: give KEY=VALUE or --unset KEY")
    planned = partial(planning.configure, key=options["id"], texts=texts, unset=unset)
    return changed(options, planned)
