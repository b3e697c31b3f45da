"""The schema fits what is decided by it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.extensions.capabilities import cedar_schema
from apps.policy import bundled
from apps.policy.actions import ACTIONS
from apps.policy.entities import PRINCIPALS, RESOURCES
from apps.policy.schema import applies, complete
from apps.policy.splitting import split


def test_the_bundled_policies_fit_the_schema_which_the_command_prints() -> None:
    printed = StringIO()
    call_command("policyschema", stdout=printed)
    assert json.loads(printed.getvalue()) == complete(cedar_schema())


def test_policies_that_do_not_fit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '@id("a") permit (principal, action == Action::"fly", resource);'
    monkeypatch.setattr(bundled, "base", lambda: (bundled.BASE, split(text)))
    with pytest.raises(CommandError, match='unrecognized action `Action::"fly"`'):
        call_command("policyschema", stdout=StringIO())


def test_the_schema_has_each_kind_and_each_action_once() -> None:
    found = complete(cedar_schema())[""]
    kinds = {each.kind for each in (*PRINCIPALS, *RESOURCES)}
    assert found["entityTypes"].keys() == {*kinds, "Role"}
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    assert not cedar_schema()[""]["actions"].keys() & {action.name for action in ACTIONS}


def test_an_action_is_for_kinds_that_there_are() -> None:
    for action in ACTIONS:
        assert set(action.principals) <= {each.kind for each in PRINCIPALS}, action.name
        assert action.resource in {each.kind for each in RESOURCES}, action.name
    known = applies(complete(cedar_schema()))
    assert list(map(set, known["edit"])) == [{"Person", "System"}, {"Document"}]
    assert list(map(set, known["readSite"])) == [{"Extension"}, {"Capability"}]


def test_samples_come_with_the_product() -> None:
    folder = Path(bundled.__file__).with_name("samples")
    assert {path.name for path in folder.iterdir()} == set(bundled.SAMPLES)
    with pytest.raises(KeyError):
        bundled.sample("../policy")
