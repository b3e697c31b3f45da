"""`manage.py secrets`: keeps the site's secrets sealed in its repository. A value is never an
argument: it is typed in without being shown, or read from stdin."""

import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from apps.extensions.management.guarded import Asked
from apps.gitsync.authoring import local_author
from apps.gitsync.errors import GitFault
from apps.gitsync.local import storage, sync_and_record
from apps.gitsync.management.answers import EXIT_REFUSED, AnsweringCommand, site_of_this_node
from apps.gitsync.sealing import Outcome, SiteSecrets, local_secrets, site_secrets
from apps.gitsync.secret_places import CHANGE, READ, WHOLE, Places, resource
from apps.policy.secrets.faults import SecretFault
from apps.policy.secrets.identities import write_private
from apps.policy.secrets.limits import VALUE_BYTES
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.vault import Entry

NEVER_AN_ARGUMENT = "the value is asked for, or read from stdin"


class Command(AnsweringCommand):
    help = (
        "Keep the site's secrets: in files of the SOPS format, sealed for keys of age. "
        "Exit codes: 0, 1 refused, 2 usage, 3 remote, 4 disk."
    )
    _here: SiteSecrets | None = None
    _fault: SecretFault | GitFault | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="act", required=True)
        init = _part(parts, "init", "make this node's key and a first file", changes=True)
        init.add_argument("--recipient", action="append", default=[], metavar="age1…")
        setting = _part(parts, "set", f"set a secret; {NEVER_AN_ARGUMENT}", changes=True)
        setting.add_argument("name", help="such as webhook_key or mail.password")
        setting.add_argument("--remove", action="store_true", help="take the secret away instead")
        getting = _part(parts, "get", "read a secret, to where you say", file=False)
        getting.add_argument("name")
        where = getting.add_mutually_exclusive_group(required=True)
        where.add_argument("--stdout", action="store_true", dest="shown", help="show it here")
        where.add_argument("--output", metavar="FILE", help="a new file that only you may read")
        _part(parts, "list", "say which secrets there are, not their values", file=False)
        _part(parts, "rotate", "seal the same values with a new data key", changes=True)
        people = _part(parts, "recipients", "who can open the files", changes=True)
        people.add_argument("what", choices=("list", "add", "remove"))
        people.add_argument("recipient", nargs="?", metavar="age1…")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        """Of the very files that are then read or changed. Who may not begin for another reason is
        told so by `answer`."""
        self._here, self._fault = None, None
        try:
            author = local_author(options.get("author"))
            make = local_secrets if options["local"] else site_secrets
            self._here = make(author, dry_run=options.get("dry_run", False))
            return _asked_of(self._here.places, options)
        except (SecretFault, GitFault) as fault:
            self._fault = fault
            return []

    def answer(self, options: dict[str, Any]) -> int:
        try:
            if self._fault or not self._here:
                raise self._fault or CommandError("policy was not asked")
            with storage():
                getattr(self, f"_{options['act']}")(self._here, options)
            return 0
        except SecretFault as fault:
            values = {"error": fault.code, "place": fault.place, "reason": f"{fault}"}
            self.say(options, values, f"{fault}")
            return EXIT_REFUSED

    def _init(self, here: SiteSecrets, options: dict[str, Any]) -> None:
        outcome = here.init(options["file"], options["recipient"])
        text = ""
        if outcome.key:
            text = f"made a key in {here.key_file}; keep a copy of that file, it is in no backup\n"
        self._tell(options, outcome, text)

    def _set(self, here: SiteSecrets, options: dict[str, Any]) -> None:
        name = options["name"]
        if options["remove"]:
            self._tell(options, here.remove(name))
        else:
            self._tell(options, here.set(name, _asked(name), options["file"]))

    def _get(self, here: SiteSecrets, options: dict[str, Any]) -> None:
        entry, value = here.value(options["name"])
        told = {"name": entry.name, "file": entry.file}
        if options["shown"]:
            self.say(options, {**told, "value": value.reveal()}, value.reveal())
            return
        path = Path(options["output"])
        try:
            write_private(path, value.reveal().encode())
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror})") from None
        self.say(options, {**told, "output": str(path)}, f"written to {path}")

    def _list(self, here: SiteSecrets, options: dict[str, Any]) -> None:
        entries = here.vault.entries()
        rows = [{"name": each.name, "file": each.file} for each in entries]
        text = "\n".join(f"{each.name}  {each.file}" for each in entries) or "no secrets"
        self.say(options, {"secrets": rows, "files": _recipients(here)}, text)

    def _rotate(self, here: SiteSecrets, options: dict[str, Any]) -> None:
        sealed_for = sorted({each for named in _recipients(here).values() for each in named})
        text = f"sealed for {', '.join(sealed_for)}\n"
        self._tell(options, here.rotate(options["file"]), text)

    def _recipients(self, here: SiteSecrets, options: dict[str, Any]) -> None:
        what, recipient, file = options["what"], options["recipient"], options["file"]
        if what == "list":
            found = _recipients(here)
            text = "\n".join(f"{each}  {path}" for path in found for each in found[path])
            self.say(options, {"files": found}, text or "no files of secrets")
            return
        if not recipient:
            raise CommandError(f"say whom to {what}: secrets recipients {what} age1…")
        if what == "add":
            self._tell(options, here.add_recipient(recipient, file))
            return
        text = "it could read what was there so far: change those secrets where they are used\n"
        self._tell(options, here.remove_recipient(recipient, file), text)

    def _tell(self, options: dict[str, Any], outcome: Outcome, text: str = "") -> None:
        """After a commit this node's own index follows, as after any other."""
        where = f" as {outcome.commit[:10]}" if outcome.commit else ""
        values: dict[str, Any] = {
            "state": outcome.state,
            "files": list(outcome.files),
            "commit": outcome.commit,
            "key": outcome.key,
        }
        if outcome.commit:
            with site_of_this_node() as site:
                values["index"] = sync_and_record(site, fetching=False).as_json()
        self.say(options, values, f"{text}{outcome.state}: {', '.join(outcome.files)}{where}")


def _part(
    parts: Any, name: str, told: str, *, changes: bool = False, file: bool = True
) -> ArgumentParser:
    part: ArgumentParser = parts.add_parser(name, help=told, description=told)
    part.add_argument("--json", action="store_true", help="as one JSON object")
    told = "of this node's own file, for what is needed before the site is there"
    part.add_argument("--local", action="store_true", help=told)
    if file:
        part.add_argument("--file", metavar="PATH", help="such as secrets/site.sops.yaml")
    if changes:
        part.add_argument("--dry-run", action="store_true", help="change nothing")
        part.add_argument("--author", help="'Name <name@example.org>'; else this user")
    return part


def _asked_of(places: Places, options: dict[str, Any]) -> list[Asked]:
    """Raises SecretFault."""
    act, name, file = options["act"], options.get("name", ""), options.get("file")
    if act == "init":
        return [(CHANGE, resource(Entry(places.first(file), WHOLE)))]
    if act == "get":
        return places.asked(READ, name)
    if act == "set":
        return places.asked(CHANGE, name) if options["remove"] else places.asked_to_set(name, file)
    what = options.get("what", act)
    actions = {"rotate": [CHANGE], "remove": [CHANGE], "add": [READ, CHANGE]}.get(what, [])
    return places.asked_of_files(file, *actions) if actions else []


def _recipients(here: SiteSecrets) -> dict[str, list[str]]:
    return {path: list(file.metadata.recipients) for path, file in here.vault.sealed.items()}


def _asked(name: str) -> Secret:
    if not sys.stdin.isatty():
        text = sys.stdin.read(VALUE_BYTES + 2)
        return Secret(text.removesuffix("\n").removesuffix("\r"))
    first, again = (getpass.getpass(f"{name}{more}: ") for more in ("", " again"))
    if first != again:
        raise CommandError("these were two different values; nothing has changed")
    return Secret(first)
