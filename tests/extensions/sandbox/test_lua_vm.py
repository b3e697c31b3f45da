"""One machine serves many calls, and no call learns of another."""

from typing import Any

import pytest

from apps.extensions.limits import VM_CALLS
from tests.extensions.stage import EVENT, Stage, ask, on_resolved, proposed

COUNTER = """
local calls = 0
string.calls = (string.calls or 0) + 1
on("content.resolved", function(event, propose)
  calls = calls + 1
  event.content.meta.calls = (event.content.meta.calls or 0) + 1
  propose.calls = (propose.calls or 0) + 1
  propose.metadata("said", { calls, string.calls, event.content.meta.calls, propose.calls })
  propose.metadata("random", { math.random(1000), math.random() })
end)
"""


def test_calls_share_nothing_and_answer_the_same(stage: Stage) -> None:
    pool, fresh = stage.plugin(COUNTER), stage.plugin(COUNTER)
    first = proposed(pool)
    assert first[0]["value"] == [1, 1, 1, 1]
    assert [proposed(pool), proposed(pool), proposed(fresh)] == [first] * 3


def test_a_machine_is_replaced_after_its_calls_and_nobody_notices(stage: Stage) -> None:
    pool = stage.plugin(COUNTER)
    first = proposed(pool)
    assert all(proposed(pool) == first for _ in range(VM_CALLS + 2))


def test_random_numbers_belong_to_the_event_and_the_seed(stage: Stage) -> None:
    def drawn(pool: Any, **event: Any) -> Any:
        return ask(pool, **event)["proposals"][1]["value"]

    pool, other_seed = stage.plugin(COUNTER), stage.plugin(COUNTER, seed="00" * 16)
    other_text = {**EVENT["content"], "body": "another"}
    assert drawn(pool) != drawn(pool, content=other_text)
    assert drawn(pool) != drawn(other_seed)


def test_a_call_that_failed_leaves_nothing_behind(stage: Stage) -> None:
    source = COUNTER.replace("calls = calls + 1", 'if event.request.path == "/x/" then error() end')
    pool = stage.plugin(source)
    first = proposed(pool)
    assert ask(pool, request={"path": "/x/"})["outcome"] == "error"
    assert proposed(pool) == first


def test_much_garbage_is_left_behind_with_its_machine(stage: Stage) -> None:
    garbage = "local t = {} for i = 1, 60000 do t[i] = { i } end propose.status(200)"
    pool = stage.plugin(on_resolved(garbage))
    assert all(len(proposed(pool)) == 1 for _ in range(5))


@pytest.mark.parametrize(("instructions", "outcome"), [(20_000, "budget"), (2_000_000, "ok")])
def test_the_instruction_budget_comes_from_the_setup(
    stage: Stage, instructions: int, outcome: str
) -> None:
    pool = stage.plugin(
        on_resolved("for i = 1, 50000 do end"), budget={"instructions": instructions}
    )
    assert [ask(pool)["outcome"] for _ in range(3)] == [outcome] * 3


@pytest.mark.parametrize(("mebibytes", "outcome"), [(1, "memory"), (16, "ok")])
def test_the_memory_limit_comes_from_the_setup(stage: Stage, mebibytes: int, outcome: str) -> None:
    source = on_resolved("local t = {} for i = 1, 30000 do t[i] = { i } end")
    pool = stage.plugin(source, budget={"memory": mebibytes << 20})
    assert [ask(pool)["outcome"] for _ in range(3)] == [outcome] * 3


def test_the_host_can_push_what_it_likes_into_a_full_machine(stage: Stage) -> None:
    parked = on_resolved("""
      local keep = {}
      pcall(function() for i = 1, 1e9 do keep[i] = ("y"):rep(30000) .. i end end)
      propose.metadata("said", event.content:json(""))
    """)
    full = on_resolved("""
      local keep = {}
      for i = 1, 450 do keep[i] = ("y"):rep(30000) .. i end
      for i = 1, 50 do keep[#keep + 1] = event.content:json("/" .. i % 2) end
      propose.metadata("said", #keep)
    """)
    content = {**EVENT["content"], "body": '["' + "x" * 60_000 + '", "' + "y" * 60_000 + '"]'}
    for source in (parked, full):
        reply = ask(stage.plugin(source), content=content)
        assert reply["outcome"] in ("memory", "ok"), reply
