"""A command that policy has a say in: it asks before it begins."""

import json
import sys
from abc import abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from apps.extensions.authorising import COMMAND, PolicyDenied, authorise, person
from apps.policy.entities import Principal, Resource
from apps.runtime.databases import prepare_databases

EXIT_DENIED: Final = 5
Asked = tuple[str, Resource]
"""An action, and what it is done with."""


class GuardedCommand(BaseCommand):
    """Asks as whoever has the machine's shell, or as the person that `--as` names."""

    @abstractmethod
    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        """What these options come to; nothing, where they change nothing. Must change nothing
        itself."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = f"{parser.description} {EXIT_DENIED} denied by policy."
        said = "ask as this person instead of as the machine's shell"
        parser.add_argument("--as", dest="as_person", metavar="PERSON", help=said)
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        """Denied, it ends with EXIT_DENIED and has done nothing."""
        try:
            self.ask(options, self.asks(options))
            return super().execute(*args, **options)
        except PolicyDenied as error:
            return self.end_denied(options, error)

    def ask(self, options: dict[str, Any], asked: Iterable[Asked]) -> None:
        """Raises PolicyDenied."""
        for action, resource in asked:
            with suppress(Error, OSError):  # Then the audit says so.
                prepare_databases()
            authorise(asker(options), action, resource)

    def end_denied(self, options: dict[str, Any], error: PolicyDenied) -> NoReturn:
        out = options.get("stdout") or self.stdout
        values = {
            "error": error.code,
            "reason": str(error),
            "policies": list(error.decision.policies),
        }
        out.write(json.dumps(values) if options.get("json") else str(error))
        sys.exit(EXIT_DENIED)


def asker(options: dict[str, Any]) -> Principal:
    name = options.get("as_person")
    return COMMAND if name is None else person(name)
