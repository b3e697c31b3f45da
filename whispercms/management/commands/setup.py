"""`manage.py setup`: says which site this installation serves, and who administers it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.gitsync.authoring import local_author
from apps.gitsync.errors import GitFault, RemoteFault
from apps.runtime.databases import prepare_databases
from whispercms.settings_file import SettingsError
from whispercms.setup import resuming
from whispercms.setup.answers import EXISTING, NEW, SAMPLES, Answers, BadAnswer
from whispercms.setup.checks import all_checks
from whispercms.setup.setup import NotSetUp, SetUp, set_up

EXIT_REFUSED, EXIT_USAGE, EXIT_REMOTE, EXIT_NODE = 1, 2, 3, 4
QUESTIONS: Final = {
    "where": "Where is its repository (a folder, or an address)",
    "title": "Title",
    "sample": f"Who may do what ({', '.join(SAMPLES)})",
    "branch": "Branch (empty: the repository's own)",
    "ssh_key": "Path of an SSH key (empty: those of this user)",
    "known_hosts": "Path of a file of known hosts (empty: this user's)",
    "https_credentials": "Path of a file with the password for https (empty: none)",
    "owner": "Name of the first administrator (empty: none now)",
}
OF_NEW: Final = ("where", "title", "sample", "owner")
OF_EXISTING: Final = ("where", "ssh_key", "known_hosts", "https_credentials", "branch", "owner")


class Command(BaseCommand):
    help = (
        "Set this installation up: a new or an existing repository, and the first administrator."
        " Without flags it asks, and goes on where it stopped. The password is asked for at the"
        " terminal, or read from the first line of standard input."
        " Exit codes: 0, 1 refused, 2 wrong usage, 3 remote, 4 this node's disk."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--new", metavar="FOLDER", help="begin a new site's repository there")
        which.add_argument("--from", dest="existing", metavar="REMOTE", help="use what is there")
        parser.add_argument("--title", help="of a new site")
        parser.add_argument("--sample", choices=tuple(SAMPLES), help="policies of a new site")
        parser.add_argument("--branch", help="another than the repository's own")
        for name in ("ssh-key", "known-hosts", "https-credentials"):
            parser.add_argument(f"--{name}", metavar="FILE")
        parser.add_argument("--owner", metavar="NAME", help="of the first administrator")
        parser.add_argument("--dry-run", action="store_true", help="look at the answers only")
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO_FOLDER is None:
            reason = f"this installation serves {settings.INSTANCE.remote} already"
            self._end(options, EXIT_REFUSED, "setup.done", f"{reason}; see its settings")
        try:
            answers = self._answers(options)
            secret = self._password(answers, options)
            done = set_up(
                answers,
                state=settings.STATE,
                settings=Path(settings.INSTANCE.settings),
                author=local_author(),
                dry_run=options["dry_run"],
            )
            told = self._add(answers.owner, secret) if secret is not None else ""
        except BadAnswer as error:
            self._end(options, EXIT_USAGE, f"setup.{error.field}", str(error))
        except NotSetUp as error:
            checks = [each.as_json() for each in error.checks]
            self._end(options, EXIT_REFUSED, "setup.checks", str(error), checks=checks)
        except SettingsError as error:
            self._end(options, EXIT_NODE, "setup.settings", str(error))
        except GitFault as error:
            code = EXIT_REMOTE if isinstance(error, RemoteFault) else EXIT_NODE
            self._end(options, code, error.code, str(error))
        else:
            self._say(options, done, told)

    def _answers(self, options: dict[str, Any]) -> Answers:
        """Raises BadAnswer."""
        given = {name: options[name] for name in QUESTIONS if options.get(name)}
        if where := options["new"] or options["existing"]:
            kind = NEW if options["new"] else EXISTING
            return Answers.of_json({**given, "kind": kind, "where": where})
        if given or not sys.stdin.isatty():
            raise BadAnswer("where", "it is not said which repository", "Use --new or --from")
        return self._asked(resuming.kept(settings.STATE))

    def _asked(self, before: Answers) -> Answers:
        """Each answer is looked at at once, and kept."""
        begun = "n" if before.is_new else "u"
        said = input(f"[n]ew site, or [u]se a repository that is there? [{begun}] ") or begun
        answers = replace(before, kind=EXISTING if said[:1].lower() == "u" else NEW)
        for name in OF_NEW if answers.is_new else OF_EXISTING:
            answers = self._one(answers, name)
            resuming.keep(settings.STATE, answers)
        return answers

    def _one(self, answers: Answers, name: str, ask: Callable[[str], str] = input) -> Answers:
        while True:
            before = getattr(answers, name)
            said = ask(f"{QUESTIONS[name]}{f' [{before}]' if before else ''}: ").strip() or before
            try:
                made = Answers.of_json({**answers.as_json(), name: said})
            except BadAnswer as error:
                self.stdout.write(f"  {error}")
                continue
            late = name == "where" and not answers.is_new and not said.startswith(("/", "~"))
            found = [] if late else all_checks(made, settings.STATE)
            wrong = [each for each in found if not each.is_well and each.field in ("", name)]
            for each in wrong:
                self.stdout.write(f"  {each.told}. {each.remedy}")
            if not wrong:
                return made

    def _password(self, answers: Answers, options: dict[str, Any]) -> str | None:
        """Of the first account, judged before anything is written. Raises BadAnswer."""
        if options["dry_run"] or not answers.owner or not settings.INSTANCE.console:
            return None
        from apps.console import people
        from apps.console.models import Account
        from whispercms.management.commands.people import password

        try:
            people.check_name(answers.owner)
            people.check_password(said := password(), Account(username=answers.owner))
        except people.PeopleError as error:
            raise BadAnswer("owner", str(error), "Nothing was changed; try again") from error
        return said

    def _add(self, owner: str, secret: str) -> str:
        """Raises BadAnswer."""
        from apps.console import asking, people

        prepare_databases()
        try:
            people.add(asking.COMMAND, owner, secret, by=" by setup")
        except people.PeopleError as error:
            raise BadAnswer("owner", str(error), "Run manage.py people add") from error
        return f"{owner} may log in"

    def _say(self, options: dict[str, Any], done: SetUp, told: str) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({**done.as_json(), "owner": told or None}))
            return
        for each in done.checks:
            self.stdout.write(f"{each.name}: {each.told}")
        where = "not written" if options["dry_run"] else f"in {settings.INSTANCE.settings}"
        for key, value in done.settings.items():
            self.stdout.write(f"{key} = {value}  ({where})")
        if told:
            self.stdout.write(told)
        if not options["dry_run"]:
            self.stdout.write("Run manage.py serve; one that runs begins again by itself")

    def _end(
        self, options: dict[str, Any], code: int, error: str, reason: str, **more: Any
    ) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"error": error, "reason": reason, **more}))
        else:
            self.stderr.write(reason)
        sys.exit(code)
