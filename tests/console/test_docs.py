"""docs/people.md says what the code does."""

import re

from apps.console import bounds
from apps.console.permissions import ACTIONS
from apps.extensions.management.guarded import EXIT_DENIED
from tests import docs
from whispercms.management.commands import people

TEXT = docs.read("people.md")


def said(heading: str) -> str:
    return " ".join(docs.part(TEXT, heading).split())


def test_the_pages_and_their_actions_are_told() -> None:
    told = set()
    for pages, action in docs.table("people.md", "Accounts"):
        verb = "change" if "button" in pages else "view"
        told |= {(verb, page, *docs.codes(action)) for page in docs.codes(pages)}
    known = set()
    for name, action in ACTIONS.items():
        app, verb, model = re.split(r"[._]", name)
        known.add((verb, f"{app}.{model}", action))
    changing_people = {("add", "console.account"), ("change", "console.account")}
    assert {row for row in known if row[:2] not in changing_people} == told


def test_the_verbs_and_the_exit_codes_are_told() -> None:
    assert re.findall(r"manage\.py people ([a-z]+)", docs.part(TEXT, "The command")) == [
        *people.VERBS
    ]
    codes = {int(code) for code, _ in docs.table("people.md", "The command")}
    known = {people.EXIT_REFUSED, people.EXIT_USAGE, people.EXIT_NODE, EXIT_DENIED}
    assert codes == known | {0}


def test_the_bounds_are_told() -> None:
    assert f"1 to {bounds.NAME_CHARACTERS} of" in said("Accounts")
    assert f"good for {bounds.CODE_SECONDS // 60} minutes" in said("The first account")
    assert f"At least {bounds.PASSWORD_LEAST} characters, {bounds.PASSWORD_MOST:,} at most" in said(
        "Passwords"
    )
    minutes = bounds.ATTEMPT_SECONDS // 60
    limits = f"After {bounds.ACCOUNT_ATTEMPTS} attempts in {minutes} minutes for one name"
    assert f"{limits}, or {bounds.ADDRESS_ATTEMPTS} from one address" in said("Logging in")
    assert f"of IPv6 the /{bounds.ADDRESS_PREFIX}" in said("Logging in")
    idle, longest = bounds.IDLE_SECONDS // 60, bounds.SESSION_SECONDS // 3600
    assert f"after {idle} minutes without use, after {longest} hours" in said("Sessions")
