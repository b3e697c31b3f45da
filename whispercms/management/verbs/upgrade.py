"""`extension upgrade ID [PATH|URL]`: other bytes, accepted and pinned as one commit."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from apps.extensions.owning.owned import OwnerRefused
from whispercms.management.fetching import add_source_arguments, obtained
from whispercms.management.owning import (
    add_change_arguments,
    changed,
    extension_of,
    newest_owned_here,
)
from whispercms.management.verb import EXIT_USAGE, Answer, Options, VerbEnd

HELP = "bring an extension to another version, or accept its files as they are in the site"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    said = "a folder, or the URL of a Git repository; else where it was installed from"
    parser.add_argument("source", nargs="?", help=said)
    add_source_arguments(parser)
    add_change_arguments(parser, granting=True)


def asks(options: Options) -> Iterable[Asked]:
    return [("upgrade-extension", extension_of(options["id"]))]


def answer(options: Options) -> Answer:
    source = options["source"] or _recorded(options)
    if source is None:
        planned = partial(planning.upgrade, key=options["id"], files=None, origin=None)
        return changed(options, planned)
    found = obtained(source, options)
    planned = partial(planning.upgrade, key=options["id"], files=found.files, origin=found.origin)
    return changed(options, planned, found.files)


def _recorded(options: Options) -> str | None:
    """Where its bytes are from; None where those of the site are others than the pinned, or were
    written there."""
    try:
        owned = newest_owned_here().owned
        kind, name = owned.named(options["id"])
        entry, files = owned.lock.entry(kind, name), owned.own(kind, name)
    except OwnerRefused as error:
        raise VerbEnd(EXIT_USAGE, error.code, str(error)) from error
    changed_here = files is not None and entry is not None and entry.digest != files.digest()
    return None if entry is None or changed_here else entry.source
