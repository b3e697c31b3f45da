"""`extension enable ID`: lists it in config.toml and pins its bytes, as one commit."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from whispercms.management.owning import add_change_arguments, changed, extension_of
from whispercms.management.verb import Answer, Options

HELP = "let an extension run on the site, with what you grant it"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    said = "where a theme answers, such as /blog/; it takes the place of the one there"
    parser.add_argument("--mount", help=said)
    add_change_arguments(parser, granting=True)


def asks(options: Options) -> Iterable[Asked]:
    return [("enable-extension", extension_of(options["id"]))]


def answer(options: Options) -> Answer:
    return changed(options, partial(planning.enable, key=options["id"], mount=options["mount"]))
