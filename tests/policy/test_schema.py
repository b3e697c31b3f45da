"""The schema fits what is decided by it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.extensions.capabilities import cedar_schema
from apps.policy import rules
from apps.policy.schema import complete


def test_the_bundled_policies_fit_the_schema_which_the_command_prints() -> None:
    printed = StringIO()
    call_command("policyschema", stdout=printed)
    assert json.loads(printed.getvalue()) == complete(cedar_schema())


def test_policies_that_do_not_fit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policies = tmp_path / "test.cedar"
    policies.write_text('permit (principal, action == Action::"fly", resource);')
    monkeypatch.setattr(rules, "POLICIES", policies)
    rules._policies.cache_clear()
    try:
        with pytest.raises(CommandError, match='unrecognized action `Action::"fly"`'):
            call_command("policyschema", stdout=StringIO())
    finally:
        rules._policies.cache_clear()
