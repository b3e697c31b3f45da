"""What authors of plugins can rely on, asked of a real worker."""

from typing import Any

import pytest

from apps.extensions.capabilities import CALLS, TOPICS
from apps.extensions.proposals import OPERATIONS
from tests.extensions.stage import EVENT, Stage, ask, checked, on_resolved, proposed, said


def test_a_plugin_sees_the_event_and_proposes_all_four_kinds(stage: Stage) -> None:
    pool = stage.plugin(
        on_resolved("""
          propose.metadata("words", event.content:word_count())
          propose.status(203)
          propose.header("X-Title", event.content.title .. "," .. event.content.meta.tags[2])
          propose.header("X-Old", nil, "remove")
          propose.transform("main a", { op = "set_attribute", name = "rel", value = "noopener" })
        """)
    )
    assert proposed(pool) == [
        {"kind": "metadata", "key": "words", "value": 4},
        {"kind": "status", "status": 203},
        {"kind": "header", "op": "set", "name": "X-Title", "value": "Title,y"},
        {"kind": "header", "op": "remove", "name": "X-Old"},
        {
            "kind": "transform",
            "selector": "main a",
            "op": "set_attribute",
            "name": "rel",
            "value": "noopener",
        },
    ]


def test_settings_can_be_read_and_not_changed(stage: Stage) -> None:
    source = on_resolved("""
      propose.metadata("sum", settings.a + #settings.list)
      local names = {}
      for name in pairs(settings) do names[#names + 1] = name end
      table.sort(names)
      propose.metadata("names", names)
      settings.a = 2
    """)
    reply = ask(stage.plugin(source, settings={"a": 1, "list": ["x", "y"]}))
    assert (reply["outcome"], reply["line"]) == ("error", 8)
    assert reply["message"] == "settings cannot be changed here"
    assert reply["proposals"] == []


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("event.content:count('p')", 2),
        ("event.content:count('p, h1')", 3),
        ("event.content:matches('two three')", True),
        ("event.content:matches('one*four')", False),
        ("event.content:matches('One*four')", True),
        ("event.content:matches('One*\\\\*')", False),
        ("#event.content:digest()", 71),
        ("event.request.path .. event.topic", "/a/content.resolved"),
        ("event.request.headers", {}),
        ("event.response == nil", True),
        ("event.content.meta.draft", False),
        ("event.content.meta.weight", 1.5),
    ],
)
def test_questions_about_an_event(stage: Stage, expression: str, value: Any) -> None:
    if expression == "event.request.headers":
        expression = "type(event.request.headers) == 'table' and {}"
        value = []
    assert said(stage, expression) == value


def test_a_json_body_is_asked_by_pointer(stage: Stage) -> None:
    source = on_resolved("""
      local c = event.content
      propose.metadata("said", { c:json("/a~1b/1/c"), c:json("/none") == nil, c:json("") ~= nil })
    """)
    content = {**EVENT["content"], "body": '{"a/b": [0, {"c": {"d": [1, 2]}}]}'}
    reply = ask(stage.plugin(source), content=content)
    assert reply["proposals"][0]["value"] == [{"d": [1, 2]}, True, True]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("count('!!')", "count: "),
        ("count()", "count needs a selector"),
        ("json('/a')", "json: the body is not JSON"),
        ("json('a')", "json: a pointer starts with /"),
        ("matches('\\xff')", "matches: the argument is not UTF-8"),
        ("count(('a'):rep(1001))", "the argument of count is too long"),
        ("count({})", "bad argument #1 to 'count' (string expected, got table)"),
    ],
)
def test_a_bad_question_is_an_error_with_its_line(stage: Stage, call: str, message: str) -> None:
    reply = ask(stage.plugin(on_resolved(f"local n = event.content:{call}")))
    assert (reply["outcome"], reply["line"]) == ("error", 2)
    assert reply["message"].startswith(message)


def test_a_question_can_be_asked_within_pcall_sort_and_gsub(stage: Stage) -> None:
    before = """
      local n = 0
      table.sort({ 2, 1 }, function(a, b) n = n + event.content:count("p") return a < b end)
      local s = ("ab"):gsub("%w", function() return event.content:count("p") end)
      local ok, why = pcall(event.content.count, event.content, "!!")
    """
    assert said(stage, "{ n, s, ok, why:sub(1, 6) }", before) == [2, "22", False, "count:"]


def test_every_host_call_of_the_table_is_offered_and_nothing_else(stage: Stage) -> None:
    before = """
      local calls = {}
      for name in pairs(propose) do calls[#calls + 1] = "propose." .. name end
      for _, name in ipairs({ "site", "request", "content", "response", "system", "other" }) do
        if event[name] then calls[#calls + 1] = "event." .. name end
      end
      if event.request.headers then calls[#calls + 1] = "event.request.headers" end
      for name in ("count digest json matches word_count other"):gmatch("%S+") do
        if event.content[name] then calls[#calls + 1] = "event.content:" .. name end
      end
    """
    pool = stage.plugin(on_resolved(before + 'propose.metadata("said", calls)'))
    reply = ask(pool, response={"status": 200}, system={"commit": "c0ffee"}, other={})
    assert set(reply["proposals"][0]["value"]) == {*CALLS}


@pytest.mark.parametrize("name", ['"\\xff\\xed\\xa0"', '("a"):rep(300000)'])
def test_a_denied_call_is_told_whatever_bytes_it_was_given(stage: Stage, name: str) -> None:
    granted = ("read:request.header:accept",)
    pool = stage.plugin(
        on_resolved(f"local _ = event.request.headers[{name}]"), capabilities=granted
    )
    reply = ask(pool)
    assert reply["outcome"] == "denied"
    assert reply["denied"]["capability"].startswith("read:request.header:")
    assert len(reply["denied"]["capability"]) <= 1000


@pytest.mark.parametrize("call", sorted(CALLS))
def test_no_call_works_without_its_capability(stage: Stage, call: str) -> None:
    use = {
        "propose.metadata": 'propose.metadata("a", 1)',
        "propose.status": "propose.status(200)",
        "propose.header": 'propose.header("x-a", "1")',
        "propose.transform": 'propose.transform("a", { op = "remove" })',
        "propose.patch": 'propose.patch({ { op = "remove", path = "/a" } })',
        "event.request.headers": "local _ = event.request.headers.accept",
    }.get(call, f"local _ = {call}('x')" if ":" in call else f"local _ = {call}.title")
    others = [name for name in CALLS.values() if name != CALLS[call] and "<" not in name]
    reply = ask(stage.plugin(on_resolved(f"pcall(function() {use} end)"), capabilities=others))
    assert (reply["outcome"], reply["line"], reply["proposals"]) == ("denied", 2, [])
    assert CALLS[call].split("<")[0] in reply["message"]


def test_only_declared_headers_can_be_read_in_any_case(stage: Stage) -> None:
    source = on_resolved("""
      propose.metadata("said", { event.request.headers["Accept-Language"],
        event.request.headers["x-absent"] == nil })
    """)
    held = ["read:request.header:accept-language", "read:request.header:x-absent"]
    pool = stage.plugin(source, capabilities=[*held, "propose:metadata"])
    assert proposed(pool)[0]["value"] == ["de", True]


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_an_action_out_of_phase_is_denied(stage: Stage, topic: str) -> None:
    uses = {
        "metadata": 'propose.metadata("a", 1)',
        "status": "propose.status(200)",
        "header": 'propose.header("x-a", "1")',
        "transform": 'propose.transform("a", { op = "remove" })',
    }
    for kind, use in uses.items():
        source = f'on("{topic}", function(event, propose) {use} end)'
        expected = "ok" if kind in TOPICS[topic] else "denied"
        assert ask(stage.plugin(source), topic)["outcome"] == expected, (topic, kind)


def test_a_plugin_is_asked_for_the_topics_it_has_functions_for(stage: Stage) -> None:
    source = 'on("system.synced", function() end)\non("content.resolved", function() end)'
    reply = checked(stage.plugin(source))
    assert reply["outcome"] == "ok"
    assert reply["topics"] == ["content.resolved", "system.synced"]
    assert ask(stage.plugin(source), "response.prepared")["outcome"] == "ok"


def test_every_operation_of_the_table_can_be_proposed_and_needs_its_arguments(stage: Stage) -> None:
    for op, names in OPERATIONS.items():
        arguments = "".join(f', {name} = "a"' for name in names)
        change = f'{{ op = "{op}"{arguments} }}'
        good = ask(stage.plugin(on_resolved(f'propose.transform("p", {change})')))
        assert good["outcome"] == "ok", op
        extra = ask(stage.plugin(on_resolved(f'propose.transform("p", {change[:-1]}, x = 1 }})')))
        assert extra["outcome"] == "bad-result", op


@pytest.mark.parametrize(
    "use",
    [
        "status(99)",
        "status(600)",
        "status(200.5)",
        "status('200')",
        "status(0 / 0)",
        "status(1 << 62)",
        "header('x a', 'b')",
        "header('x-a', 'b\\r\\nset-cookie: c')",
        "header('x-a', 'b\\0')",
        "header('x-a', {})",
        "header('x-a', ('b'):rep(4097))",
        "header('x-a', 'b', 'replace')",
        "header('', 'b')",
        "metadata('a b', 1)",
        "metadata('a')",
        "metadata(1, 1)",
        "metadata('a', 0 / 0)",
        "metadata('a', { 1, nil, 3 })",
        "metadata('a', { 1, x = 2 })",
        "metadata('a', { [1.5] = 2 })",
        "metadata('a', { [true] = 2 })",
        "metadata('a', '\\xff')",
        "metadata('a', '\\xed\\xa0\\x80')",
        "metadata('a', function() end)",
        "metadata('a', setmetatable({}, { __metatable = false }))",
        "metadata('a', event.content)",
        "metadata('a', ('x'):rep(65536))",
        "transform('a', 'remove')",
        "transform('a', { op = 'explode' })",
        "transform('a', { op = 'set_attribute', name = 'x' })",
        "transform('a\\nb', { op = 'remove' })",
        "transform(('a'):rep(501), { op = 'remove' })",
        "transform('a', { op = 'append_html', html = ('x'):rep(16385) })",
        "transform('a', setmetatable({ op = 'remove' }, {}))",
    ],
)
def test_a_bad_proposal_ends_the_call_even_if_the_plugin_catches_it(stage: Stage, use: str) -> None:
    source = on_resolved(f"propose.status(200)\npcall(function() propose.{use} end)")
    reply = ask(stage.plugin(source))
    assert (reply["outcome"], reply["line"], reply["proposals"]) == ("bad-result", 3, [])


def test_sixty_four_proposals_are_the_most(stage: Stage) -> None:
    source = on_resolved("for i = 1, {} do propose.metadata('k' .. i, i) end")
    assert len(proposed(stage.plugin(source.replace("{}", "64")))) == 64
    reply = ask(stage.plugin(source.replace("{}", "65")))
    assert (reply["outcome"], reply["message"]) == ("bad-result", "over 64 proposals")
    assert ask(stage.plugin(source.replace("{}", "10000")))["outcome"] == "bad-result"


def test_what_a_plugin_changes_after_proposing_changes_nothing(stage: Stage) -> None:
    before = "local t = { 'a' } propose.metadata('first', t) t[1] = 'b'"
    pool = stage.plugin(on_resolved(before))
    assert proposed(pool) == [{"kind": "metadata", "key": "first", "value": ["a"]}]


def test_numbers_and_texts_survive_the_way_out_exactly(stage: Stage) -> None:
    values = (
        "{ 0.1, 1e300, -0.0, 3.0, math.maxinteger, math.mininteger, 'ä\\u{1F600}\\0\"\\\\\\t' }"
    )
    expected = [0.1, 1e300, -0.0, 3.0, 2**63 - 1, -(2**63), 'ä\U0001f600\0"\\\t']
    found = said(stage, values)
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_numbers_and_texts_survive_the_way_in_exactly(stage: Stage) -> None:
    values = [0.1, 1e300, -5, 2**63 - 1, 'ä\U0001f600"\\\x7f\x01\n/</', True, [], {"": {"é": [[]]}}]
    content = {**EVENT["content"], "meta": {"all": values}}
    pool = stage.plugin(on_resolved("propose.metadata('said', event.content.meta.all)"))
    found = ask(pool, content=content)["proposals"][0]["value"]
    assert found == values
