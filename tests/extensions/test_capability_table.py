"""One walk over the one table: sandbox, event, policy schema, words and documentation agree."""

from typing import Any

import cedarpy
import pytest

from apps.extensions.capabilities import (
    REQUEST_HEADER,
    TABLE,
    Capability,
    cedar_schema,
    consent,
    find,
    sections,
)
from apps.policy.actions import BY_NAME
from apps.policy.schema import complete
from tests import docs
from tests.extensions.stage import EVENT, Stage, on_resolved
from tests.extensions.stage import ask as told

HEADER = "read:request.header:accept-language"
CONTENT = EVENT["content"] | {"body": '{"a": 1}'}
SHOWN = EVENT | {"content": CONTENT, "response": {"status": 200}, "system": {"commit": "c0ffee"}}
USES = {
    "event.request": "local _ = event.request.path",
    "event.request.headers": 'local _ = event.request.headers["accept-language"]',
    "event.content": "local _ = event.content.title",
    "event.content:count": 'event.content:count("p")',
    "event.content:json": 'event.content:json("/a")',
    "event.content:matches": 'event.content:matches("a*")',
    "propose.metadata": 'propose.metadata("a", 1)',
    "propose.status": "propose.status(200)",
    "propose.header": 'propose.header("x-a", "1")',
    "propose.transform": 'propose.transform("p", { op = "remove" })',
    "propose.patch": 'propose.patch({ { op = "remove", path = "/a" } })',
}
OTHERS = tuple(row.name for row in TABLE if row.name != REQUEST_HEADER)


def held(row: Capability) -> str:
    return HEADER if row.name == REQUEST_HEADER else row.name


def use(call: str) -> str:
    return USES.get(call) or (f"{call}()" if ":" in call else f"local _ = {call}")


def permit(action: str) -> str:
    who = 'principal == Extension::"plugin:p"'
    return f'permit ({who}, action == Action::"{action}", resource is Capability);'


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_row_holds_in_the_sandbox_the_event_the_schema_the_words_and_the_docs(
    stage: Stage, row: Capability
) -> None:
    name = held(row)
    in_the_sandbox(stage, row, name)
    if name.startswith("read:"):
        assert sections([name]).cut(SHOWN)
    fits = cedarpy.validate_policies(permit(row.action), complete(cedar_schema()))
    assert fits.validation_passed
    filled = find(name)
    assert filled is not None
    assert consent([name]) == (f"This extension may {filled.words}.",)
    told_row = next(
        r for r in docs.table("plugins.md", "Capabilities") if docs.codes(r[0]) == [row.name]
    )
    assert docs.codes(told_row[1]) == list(row.calls)
    assert (told_row[2], docs.codes(told_row[3])) == (row.words, [row.action])


def in_the_sandbox(stage: Stage, row: Capability, name: str) -> None:
    body = "\n".join(use(call) for call in row.calls)
    with_it = stage.plugin(on_resolved(body), capabilities=[name])
    without = stage.plugin(on_resolved(body), capabilities=sorted({*OTHERS} - {name}))
    granted: dict[str, Any] = told(with_it, **SHOWN)
    assert granted["outcome"] == "ok", granted
    refused = told(without, **SHOWN)
    assert refused["outcome"] == "denied" and name in refused["message"], refused


def test_the_schema_has_no_other_action_and_no_other_principal() -> None:
    schema = complete(cedar_schema())
    for policy in (
        permit("writeFiles"),
        permit("readSite").replace("Capability", "Document"),
        'permit (principal == Plugin::"p", action, resource);',
    ):
        assert not cedarpy.validate_policies(policy, schema).validation_passed
    assert schema[""]["actions"].keys() == {*BY_NAME, *(row.action for row in TABLE)}
