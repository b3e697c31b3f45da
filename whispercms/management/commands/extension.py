"""`manage.py extension VERB`: write, try, and run extensions. Each verb is a module of `verbs`."""

import importlib
import json
import pkgutil
import sqlite3
import sys
from argparse import SUPPRESS
from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any, cast

from django.core.management.base import CommandParser
from django.db import DatabaseError

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.extensions.messages import legible
from apps.extensions.workshop.folders import NoExtension
from apps.gitsync.errors import GitFault
from apps.gitsync.management.answers import exit_code
from apps.runtime.faults import SandboxMissing, WorkerFault
from whispercms.management import verbs
from whispercms.management.verb import (
    EXIT_NODE,
    EXIT_USAGE,
    Answer,
    Options,
    Verb,
    VerbEnd,
    asked_by,
)

NODE = "check the machine's memory, the disk and the rights of WHISPERCMS_STATE"


class Command(GuardedCommand):
    help = (
        "Write, try and run extensions. Exit codes: 0, 1 defects or failed cases, 2 usage,"
        " 3 remote, 4 this node."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        chosen = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for name, verb in all_verbs().items():
            added = chosen.add_parser(name, help=verb.HELP, description=verb.HELP)
            said = "ask as this person instead of as the machine's shell"
            added.add_argument(
                "--as", dest="as_person", metavar="PERSON", default=SUPPRESS, help=said
            )
            added.add_argument("--json", action="store_true", help="as one JSON object")
            verb.add_arguments(added)

    def asks(self, options: Options) -> Iterable[Asked]:
        return asked_by(all_verbs()[options["verb"]], options)

    def handle(self, *args: Any, **options: Any) -> None:
        options |= {"progress": self._tell, "ask": partial(self.ask, options)}
        answer = _answered(all_verbs()[options["verb"]], options)
        values = json.dumps(dict(answer.values), ensure_ascii=False)
        self.stdout.write(legible(values if options["json"] else answer.text))
        if answer.code:
            sys.exit(answer.code)

    def _tell(self, line: str) -> None:
        self.stderr.write(legible(line))


@cache
def all_verbs() -> Mapping[str, Verb]:
    names = sorted(module.name for module in pkgutil.iter_modules(verbs.__path__))
    modules = (importlib.import_module(f"{verbs.__name__}.{name}") for name in names)
    return {name: cast(Verb, module) for name, module in zip(names, modules, strict=True)}


def _answered(verb: Verb, options: Options) -> Answer:
    try:
        return verb.answer(options)
    except VerbEnd as end:
        return _ended(end.code, end.error, str(end))
    except NoExtension as error:
        return _ended(EXIT_USAGE, "no-extension", str(error))
    except GitFault as fault:
        return _ended(exit_code(fault), fault.code, str(fault))
    except (SandboxMissing, WorkerFault, sqlite3.Error, DatabaseError, OSError) as error:
        return _ended(EXIT_NODE, "node", f"{error}; {NODE}")


def _ended(code: int, error: str, reason: str) -> Answer:
    return Answer({"error": error, "reason": reason}, reason, code)
