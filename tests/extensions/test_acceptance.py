"""What a theme takes of what plugins propose, and who overrides whom."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extensions.acceptance import Accept, accept
from apps.extensions.limits import HEADERS_BYTES
from apps.extensions.proposals import (
    OPERATIONS,
    Header,
    Metadata,
    Patch,
    PatchOperation,
    Proposal,
    Status,
    Transform,
    decode_proposals,
)

ALL = Accept(
    metadata=True,
    status=True,
    headers=("link", "x-*"),
    transforms=("main *",),
    json=("/meta/*", "/items/*/tags/**"),
)
CHANGE = Transform("p", "add_class", {"name": "a"})
PROPOSALS = st.one_of(
    st.builds(Metadata, st.sampled_from("ab"), st.integers()),
    st.builds(Status, st.sampled_from([200, 404])),
    st.builds(
        Header,
        st.sampled_from(["set", "append", "remove"]),
        st.sampled_from(["x-a", "y"]),
        st.just(""),
    ),
    st.just(CHANGE),
    st.sampled_from(["/meta/a", "/title"]).map(
        lambda path: Patch((PatchOperation("remove", path),))
    ),
)
BY_PLUGIN = st.dictionaries(st.sampled_from("pqr"), st.lists(PROPOSALS, max_size=5))


def test_headers_are_bounded_together_and_from_both_sides() -> None:
    name, small = "x-a", Header("append", "x-b", "1")
    full = Header("append", name, "v" * (HEADERS_BYTES - len(name)))
    over = Header("append", name, "v" * (HEADERS_BYTES - len(name) + 1))
    accepted, dropped = accept({"p": [full]}, ALL, ["p"])
    assert len(accepted.headers) == 1 and dropped == ()
    accepted, dropped = accept({"p": [over], "q": [small]}, ALL, ["p", "q"])
    assert [each.proposal for each in accepted.headers] == [small]
    assert [(each.by, f"{HEADERS_BYTES} bytes" in each.reason) for each in dropped] == [("p", True)]


def test_nothing_is_taken_that_the_theme_does_not_accept() -> None:
    header, fact = Header("set", "x-a", "1"), Metadata("a", 1)
    patch = Patch((PatchOperation("remove", "/a"),))
    proposals: list[Proposal] = [fact, Status(404), header, CHANGE, patch]
    accepted, dropped = accept({"p": proposals}, Accept(), ["p"])
    assert accepted == type(accepted)()
    assert [each.reason for each in dropped] == [
        "[accept] of the theme does not say metadata = true",
        "[accept] of the theme does not say status = true",
        '[accept] headers of the theme does not name "x-a"',
        "[accept] of the theme names no transforms",
        '[accept] json of the theme does not name "/a"',
    ]


def test_a_patch_is_accepted_whole_where_every_pointer_of_it_is() -> None:
    good = PatchOperation("add", "/meta/a", value=(1,))
    deep = PatchOperation("move", "/items/0/tags/1/x", "/meta/b")
    for outside in (
        PatchOperation("test", "/title", value=1),
        PatchOperation("move", "/meta/a", "/title"),
        PatchOperation("move", "/title", "/meta/a"),
        PatchOperation("replace", "", value=()),
        PatchOperation("remove", "/items/0/tags"),
    ):
        _, (refused,) = accept({"p": [Patch((good, outside))]}, ALL, ["p"])
        assert "[accept] json of the theme does not name" in refused.reason
    accepted, dropped = accept({"q": [Patch((good, deep))], "p": [Patch((good,))]}, ALL, ["p", "q"])
    assert dropped == ()
    add = {"op": "add", "path": "/meta/a", "value": [1]}
    move = {"op": "move", "from": "/meta/b", "path": "/items/0/tags/1/x"}
    assert accepted.patch_requests() == [
        {"operations": [add], "by": "p"},
        {"operations": [add, move], "by": "q"},
    ]


def test_the_last_plugin_in_the_configured_order_wins_and_the_other_is_told_who_it_was() -> None:
    given_in_any_order: dict[str, list[Proposal]] = {
        "q": [Metadata("a", 2), Status(410), Header("set", "x-a", "2")],
        "p": [Metadata("a", 1), Metadata("b", 1), Status(404), Header("append", "x-a", "1")],
    }
    accepted, dropped = accept(given_in_any_order, ALL, ["p", "q"])
    assert accepted.metadata_values() == {"b": 1, "a": 2}
    assert accepted.status is not None and accepted.status.proposal == Status(410)
    assert [each.proposal for each in accepted.headers] == [Header("set", "x-a", "2")]
    assert {(each.by, each.reason) for each in dropped} == {("p", "overridden by q")}
    reversed_order, _ = accept(given_in_any_order, ALL, ["q", "p"])
    assert reversed_order.metadata_values() == {"a": 1, "b": 1}


def test_appended_headers_add_up_and_a_removal_takes_what_came_before() -> None:
    first, second, removal = (
        Header("append", "x-a", "1"),
        Header("append", "x-a", "2"),
        Header("remove", "x-a", ""),
    )
    accepted, _ = accept({"p": [first], "q": [second]}, ALL, ["p", "q"])
    assert [each.proposal for each in accepted.headers] == [first, second]
    accepted, dropped = accept({"p": [first], "q": [removal, second]}, ALL, ["p", "q"])
    assert [each.proposal for each in accepted.headers] == [removal, second]
    assert [each.proposal for each in dropped] == [first]


def test_headers_are_accepted_by_name_or_by_beginning() -> None:
    names = ["link", "x-a", "links", "y", "x"]
    accepted, _ = accept({"p": [Header("set", name, "") for name in names]}, ALL, ["p"])
    assert [
        each.proposal.name for each in accepted.headers if isinstance(each.proposal, Header)
    ] == [
        "link",
        "x-a",
    ]


def test_a_plugin_that_is_not_enabled_is_not_heard() -> None:
    accepted, dropped = accept({"ghost": [Status(404)]}, ALL, ["p"])
    assert accepted.status is None
    assert [each.reason for each in dropped] == ["the plugin is not enabled"]


def test_transforms_are_stamped_with_who_proposed_them() -> None:
    accepted, _ = accept({"p": [CHANGE]}, ALL, ["p"])
    assert accepted.transform_requests() == [
        {"selector": "p", "op": "add_class", "name": "a", "by": "p"}
    ]


def test_every_operation_survives_being_sent_to_the_worker() -> None:
    for op, names in OPERATIONS.items():
        entry = {"selector": "p", "op": op, **dict.fromkeys(names, "title")}
        proposals, problems = decode_proposals([{"kind": "transform", **entry}])
        assert problems == ()
        accepted, _ = accept({"p": proposals}, ALL, ["p"])
        assert json.loads(json.dumps(accepted.transform_requests())) == [entry | {"by": "p"}]


def test_metadata_values_are_plain_lists_and_maps() -> None:
    value = Metadata("a", ({"b": (1,)},))
    accepted, _ = accept({"p": [value]}, ALL, ["p"])
    assert accepted.metadata_values() == {"a": [{"b": [1]}]}
    assert type(accepted.metadata_values()["a"][0]) is dict


@given(BY_PLUGIN, st.permutations("pqr"))
@settings(deadline=None)
def test_every_proposal_is_taken_once_or_dropped_with_a_reason(
    by_plugin: dict[str, list[Proposal]], order: list[str]
) -> None:
    accepted, dropped = accept(by_plugin, ALL, order)
    taken = [*accepted.metadata, *accepted.headers, *accepted.transforms, *accepted.patches]
    taken += [accepted.status] if accepted.status else []
    told = [repr((each.by, each.proposal)) for each in taken]
    told += [repr((each.by, each.proposal)) for each in dropped]
    assert sorted(told) == sorted(
        repr((by, each)) for by, all_of in by_plugin.items() for each in all_of
    )
    assert all(each.reason for each in dropped)
    assert accept(dict(reversed(by_plugin.items())), ALL, order) == (accepted, dropped)


@given(BY_PLUGIN, st.permutations("pqr"))
@settings(deadline=None)
def test_what_is_taken_stands_in_the_order_of_the_configuration_and_once_for_each_place(
    by_plugin: dict[str, list[Proposal]], order: list[str]
) -> None:
    accepted, _ = accept(by_plugin, ALL, order)
    for taken in (accepted.metadata, accepted.headers, accepted.transforms, accepted.patches):
        places = [order.index(each.by) for each in taken]
        assert places == sorted(places)
    keys = [each.proposal.key for each in accepted.metadata if isinstance(each.proposal, Metadata)]
    assert len(keys) == len(set(keys))


@given(BY_PLUGIN, st.permutations("pqr"))
@settings(deadline=None)
def test_who_is_overridden_is_told_by_whom_that_comes_later(
    by_plugin: dict[str, list[Proposal]], order: list[str]
) -> None:
    _, dropped = accept(by_plugin, ALL, order)
    for each in dropped:
        if each.reason.startswith("overridden by "):
            assert order.index(each.by) <= order.index(each.reason.removeprefix("overridden by "))
