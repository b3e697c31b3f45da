"""`extension rollback ID COMMIT`: its files as they were at a commit, pinned as one new commit."""

from argparse import ArgumentParser
from collections.abc import Iterable
from functools import partial

from django.conf import settings

from apps.extensions.finding import ExtensionFiles
from apps.extensions.management.guarded import Asked
from apps.extensions.owning import planning
from apps.extensions.owning.owned import OwnerRefused
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.extension_versions import extension_at
from whispercms.management.owning import (
    add_change_arguments,
    changed,
    extension_of,
    newest_owned_here,
)
from whispercms.management.verb import EXIT_USAGE, Answer, Options, VerbEnd

HELP = "bring an extension's files back to what they were at a commit of the site"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    parser.add_argument("commit", help="of the site; manage.py history plugins/ID/plugin.toml")
    add_change_arguments(parser, granting=True)


def asks(options: Options) -> Iterable[Asked]:
    return [("upgrade-extension", extension_of(options["id"]))]


def answer(options: Options) -> Answer:
    files = _earlier(options["id"], options["commit"])
    return changed(options, partial(planning.bring_back, files=files), files)


def _earlier(key: str, commit: str) -> ExtensionFiles:
    """Raises VerbEnd and GitFault."""
    try:
        kind, name = newest_owned_here().owned.named(key)
    except OwnerRefused as error:
        raise VerbEnd(EXIT_USAGE, error.code, str(error)) from error
    repository = Repository(settings.SITE_SOURCE.repository)
    then = repository.resolve(f"{commit}^{{commit}}")
    found = extension_at(repository, then, kind, name) if then else None
    if found is None:
        reason = f"the site had no files of {kind}:{name} at {commit[:80]!r}"
        raise VerbEnd(EXIT_USAGE, "unknown", reason)
    return found
