"""`extension release KEY`: a person ends a quarantine, or a back-off."""

import os
import pwd
from argparse import ArgumentParser
from collections.abc import Iterable

from django.conf import settings

from apps.content.index import Index
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import enable_all
from apps.extensions.management.guarded import Asked
from apps.extensions.stages import Draft, everything
from apps.runtime.databases import prepare_databases
from whispercms.management.owning import extension_of
from whispercms.management.verb import EXIT_USAGE, Answer, Options, VerbEnd
from whispercms.management.verbs.list import served_commit, shown

HELP = "let an extension that is left out run again, at once and on every process"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("key", help="plugin:<id>, theme:<id>[/<template>], or without its kind")
    parser.add_argument("--dry-run", action="store_true", help="say what would be released")


def asks(options: Options) -> Iterable[Asked]:
    return [("enable-extension", extension_of(_whole(options["key"]).partition("/")[0]))]


def answer(options: Options) -> Answer:
    """No commit: it is the state of this node's database, which all of its processes follow."""
    prepare_databases()
    key, dry_run = _whole(options["key"]), options["dry_run"]
    store = DatabaseStore(settings.SITE_KEY, _commit)
    before = enable_all(store, key, by=f"os-user:{_user()}", dry_run=dry_run)
    if not before and key.partition("/")[0] not in _known():
        reason = f"there is no extension {key!r}; see manage.py extension list"
        raise VerbEnd(EXIT_USAGE, "unknown", reason)
    told = {name: status.as_json() for name, status in before.items()}
    verb = "would be released" if dry_run else "released"
    lines = [f"{name} {verb}; it was {shown(status)}" for name, status in before.items()]
    text = "\n".join(lines) or f"{key} is not left out; nothing to do"
    return Answer({"released": told, "dry_run": dry_run}, text)


def _whole(key: str) -> str:
    """With its kind, which may be left out."""
    if ":" in key:
        return key
    name, slash, template = key.partition("/")
    return f"{extension_of(name).key}{slash}{template}"


def _commit() -> str:
    return served_commit() if settings.SITE_FILES.index.exists() else ""


def _known() -> set[str]:
    """Raises sqlite3.Error."""
    index = Index(settings.SITE_FILES)
    pointer = index.pointer()
    if pointer is None:
        return set()
    draft = Draft(
        configuration=pointer.site_configuration(),
        kept=index.kept(),
        bundled=settings.BUNDLED_EXTENSIONS,
        pinned=False,
    )
    return {f"{each.kind}:{each.choice.id}" for each in everything(draft)}


def _user() -> str:
    """By the kernel, not by the environment."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
