"""`manage.py people`: who has an account of this node's console."""

import json
import os
import pwd
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from apps.extensions.management.guarded import EXIT_DENIED, asker
from apps.runtime.databases import prepare_databases

EXIT_REFUSED, EXIT_USAGE, EXIT_NODE = 1, 2, 4
DENIED = "policy.denied"
VERBS = ("list", "add", "password", "disable", "enable")
LONGEST = 4096
"""Characters of a line that may hold a password."""


class Command(BaseCommand):
    help = (
        "List, add, disable and enable the accounts of the console, or set a password. It is"
        " asked for at the terminal, or read from the first line of standard input."
        " Exit codes: 0, 1 refused, 2 wrong usage or unknown name, 4 no database,"
        f" {EXIT_DENIED} denied by policy."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=VERBS)
        parser.add_argument("name", nargs="?", help="as policies and signatures name the person")
        parser.add_argument("--json", action="store_true", help="as one JSON object")
        said = "ask as this person instead of as the machine's shell"
        parser.add_argument("--as", dest="as_person", metavar="PERSON", help=said)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INSTANCE.console:
            reason = "this node has no console; set WHISPERCMS_CONSOLE=1"
            self._end(options, EXIT_USAGE, "console", reason)
        if bool(options["name"]) == (options["verb"] == "list"):
            self._end(options, EXIT_USAGE, "usage", "name one person, or none for list")
        from apps.console import people

        try:
            prepare_databases()
            self._act(options)
        except people.UnknownPerson as error:
            self._end(options, EXIT_USAGE, "unknown", str(error))
        except people.NotAllowed as error:
            self._end(options, EXIT_DENIED, DENIED, str(error))
        except people.PeopleError as error:
            self._end(options, EXIT_REFUSED, "refused", str(error))
        except (DatabaseError, OSError) as error:
            self._end(options, EXIT_NODE, "node", f"{error}; check the disk and its rights")

    def _act(self, options: dict[str, Any]) -> None:
        from apps.console import people

        verb, name, who = options["verb"], options["name"], asker(options)
        by = f" by {_user()}"
        if verb == "list":
            return self._list(options)
        if verb == "add":
            people.check_name(name)
            people.add(who, name, password(), by=by)
            self._say(options, name, "added")
        elif verb == "password":
            people.insist_known(name)
            people.set_password(who, name, password(), by=by)
            self._say(options, name, "has a new password; every session has ended")
        else:
            changed = people.set_active(who, name, active=verb == "enable", by=by)
            self._say(options, name, f"{verb}d" if changed else f"was {verb}d already")
        return None

    def _list(self, options: dict[str, Any]) -> None:
        from apps.console import asking, people

        found = people.everybody(asker(options), by=f" by {_user()}")
        roles = {each.name: asking.person(each.name).roles for each in found}
        if options["json"]:
            rows = [{**each.as_json(), "roles": list(roles[each.name])} for each in found]
            self.stdout.write(json.dumps({"people": rows}, ensure_ascii=False))
            return
        for each in found:
            state = "may log in" if each.active else "disabled"
            last = each.as_json()["last_login"] or "never logged in"
            told = ", ".join(roles[each.name]) or "no role"
            self.stdout.write(f"{each.name:32} {state:10}  {last:25}  {told}")

    def _say(self, options: dict[str, Any], name: str, what: str) -> None:
        values = {"name": name, "state": what}
        self.stdout.write(json.dumps(values) if options["json"] else f"{name} {what}")

    def _end(self, options: dict[str, Any], code: int, error: str, reason: str) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"error": error, "reason": reason}, ensure_ascii=False))
        else:
            self.stderr.write(reason)
        sys.exit(code)


def password() -> str:
    """Never an argument, and never shown."""
    from apps.console.people import PeopleError

    if not sys.stdin.isatty():
        return sys.stdin.readline(LONGEST).rstrip("\r\n")
    first = getpass("Password: ")
    if first != getpass("Again: "):
        raise PeopleError("the two were not the same; try again")
    return first


def _user() -> str:
    """By the kernel, not by the environment."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
