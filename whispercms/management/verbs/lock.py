"""`extension lock`: pins what is enabled as it is, for a site that was written by hand."""

from argparse import ArgumentParser
from collections.abc import Iterable

from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from apps.policy.entities import Capability
from whispercms.management.owning import add_change_arguments, changed
from whispercms.management.verb import Answer, Options

HELP = "write extensions.lock: the bytes and grants of every enabled extension of the site"
ALL = Capability("*", "*", granted=True)


def add_arguments(parser: ArgumentParser) -> None:
    add_change_arguments(parser, granting=True)


def asks(options: Options) -> Iterable[Asked]:
    return [("grant-capability", ALL)]


def answer(options: Options) -> Answer:
    return changed(options, planning.pin_all)
