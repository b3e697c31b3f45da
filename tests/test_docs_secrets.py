"""What docs/secrets.md says of secrets is what the code does."""

import argparse

from django.core.management import load_command_class

from apps.policy.secrets import faults, limits
from apps.policy.secrets.faults import SecretFault
from apps.policy.secrets.references import LOCAL, SITE
from apps.policy.secrets.selection import KEYS
from apps.policy.secrets.sops import ENDS
from apps.policy.secrets.vault import FIRST
from tests import docs
from whispercms import referenced
from whispercms.referenced import Unresolved, named_by

PAGE = "secrets.md"
TEXT = docs.read(PAGE)


def test_the_commands_are_told() -> None:
    parser = load_command_class("apps.gitsync", "secrets").create_parser("manage.py", "secrets")
    parts = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    assert docs.first_codes(docs.table(PAGE, "Commands")) == list(parts.choices)
    options = {
        o for part in parts.choices.values() for a in part._actions for o in a.option_strings
    }
    told = {option for option in options if option in TEXT}
    assert options - told <= {"-h", "--help", "--author"}


def test_the_codes_are_told() -> None:
    used = {v for k, v in vars(faults).items() if k.isupper() and str(v).startswith("secret.")}
    assert set(docs.first_codes(docs.table(PAGE, "Codes"))) == used


def test_the_bounds_are_the_constants() -> None:
    rows = docs.table(PAGE, "Bounds")
    assert all(docs.number(value) == docs.resolve(name.strip("`")) for name, value, _ in rows)
    bounds = {name for name in vars(limits) if name.isupper()}
    assert {name.rpartition(".")[2] for name in docs.first_codes(rows)} == bounds


def test_it_is_told_which_setting_may_name_what() -> None:
    rows = docs.table(PAGE, "Where settings take them from")
    assert {row[0].strip("`") for row in rows} == set(referenced.KEYS)
    for key, *answers in rows:
        for kind, answer in zip((SITE, LOCAL), answers, strict=True):
            assert _may(key.strip("`"), f"{kind}a") is (answer == "yes"), key


def _may(key: str, value: str) -> bool:
    try:
        return named_by(key, value) is not None
    except (Unresolved, SecretFault):
        return False


def test_files_and_rules_are_told_by_name() -> None:
    for name in (*ENDS, *KEYS, FIRST, referenced.AGE_KEY, referenced.LOCAL_SECRETS):
        assert f"`{name}`" in TEXT, name
