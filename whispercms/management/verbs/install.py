"""`extension install PATH|URL`: copies an extension into the site and pins it, as one commit."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from apps.policy.entities import Extension
from whispercms.management.fetching import add_source_arguments, guessed, obtained
from whispercms.management.owning import add_change_arguments, changed
from whispercms.management.verb import Answer, Options

HELP = "copy an extension into the site, from a folder or a Git repository"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", help="a folder, or the URL of a Git repository")
    add_source_arguments(parser)
    parser.add_argument("--enable", action="store_true", help="and let it run at once")
    add_change_arguments(parser, granting=True)


def asks(options: Options) -> Iterable[Asked]:
    return _asked(options, guessed(options["source"]))


def _asked(options: Options, extension: Extension) -> list[Asked]:
    actions = ["install-extension", *(["enable-extension"] if options["enable"] else [])]
    return [(action, extension) for action in actions]


def answer(options: Options) -> Answer:
    """What is fetched is asked about again, as it is."""
    found = obtained(options["source"], options)
    options["ask"](_asked(options, found.resource))
    planned = partial(
        planning.install, files=found.files, origin=found.origin, enabling=options["enable"]
    )
    return changed(options, planned, found.files)
