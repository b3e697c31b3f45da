"""Changes of a file of secrets keep all that they are not about."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.policy.secrets import age
from apps.policy.secrets.faults import (
    LIMIT,
    LOCKED,
    MISSING,
    NAME,
    RECIPIENT,
    UNSUPPORTED,
    SecretFault,
)
from apps.policy.secrets.limits import FILE_BYTES, RECIPIENTS, VALUE_BYTES
from apps.policy.secrets.sealing import (
    rotated,
    with_recipient,
    with_value,
    without_recipient,
    without_value,
)
from apps.policy.secrets.secret import Secret
from tests.policy.secrets.samples import (
    ADA,
    EVE,
    JSON,
    NOW,
    PUBLISHED,
    ROPS,
    SOPS_AGE,
    YAML,
    begun,
    change,
    made,
    open_,
    values,
)
from tests.tables import each_of

PATHS = pytest.mark.parametrize("path", [YAML, JSON])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def seals(content: bytes) -> list[str]:
    return re.findall(r"data:[^,]*,iv:[^,]*", content.decode())


def code(act: object) -> str:
    with pytest.raises(SecretFault) as caught:
        act()  # type: ignore[operator]
    assert caught.value.remedy
    return caught.value.code


@PATHS
def test_a_new_file_is_sealed_and_empty(path: str) -> None:
    assert values(begun(path), path) == []
    assert b"AGE-SECRET" not in begun(path)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([YAML, JSON]), TEXTS, TEXTS)
def test_any_text_can_be_a_secret(path: str, one: str, two: str) -> None:
    content = made(path, a=one, mail__password=two)
    assert values(content, path) == [("a", one), ("mail.password", two)]


@PATHS
def test_a_value_is_set_in_its_place_and_the_others_keep_their_seals(path: str) -> None:
    first = made(path, a="one", b="two", c="three")
    second = with_value(change(first, path, now=NOW + 1), "b", Secret("other"))
    assert values(second, path) == [("a", "one"), ("b", "other"), ("c", "three")]
    kept = set(seals(first)) & set(seals(second))
    assert len(kept) == 2 and seals(second)[0] == seals(first)[0]
    assert b"2023-11-14T22:13:21Z" in second


@PATHS
def test_the_order_of_a_file_of_others_is_kept(path: str) -> None:
    name = "sops-age.sops" + (".yaml" if path == YAML else ".json")
    first = (PUBLISHED / name).read_bytes()
    second = with_value(change(first, name, by=SOPS_AGE), "new", Secret("x"))
    assert values(second, name, by=SOPS_AGE) == [*values(first, name, by=SOPS_AGE), ("new", "x")]
    assert set(seals(first)[:-1]) < set(seals(second))


@pytest.mark.parametrize("name", sorted(path.name for path in PUBLISHED.glob("rops-*.yaml")))
def test_a_file_of_others_keeps_its_rule_when_it_is_rotated(name: str) -> None:
    first = (PUBLISHED / name).read_bytes()
    second = rotated(change(first, name, by=ROPS))
    assert values(second, name, by=ROPS) == values(first, name, by=ROPS)
    assert not set(seals(first)) & set(seals(second))
    old, new = (open_(each, name, by=ROPS).file.metadata for each in (first, second))
    assert (old.selection, old.only_sealed) == (new.selection, new.only_sealed)


@PATHS
def test_a_value_is_removed_with_what_becomes_empty(path: str) -> None:
    content = made(path, a="one", b__c="two")
    content = without_value(change(content, path), "b.c")
    assert values(content, path) == [("a", "one")] and b"b:" not in content
    assert code(lambda: without_value(change(content, path), "b.c")) == MISSING


@PATHS
def test_a_rotation_seals_the_same_values_with_another_key(path: str) -> None:
    first = made(path, a="one", b="two")
    second = rotated(change(first, path))
    assert values(first, path) == values(second, path)
    assert not set(seals(first)) & set(seals(second))
    assert open_(first, path).key != open_(second, path).key


def test_who_is_added_can_open_a_file_and_who_is_removed_can_not() -> None:
    first = made(a="one")
    second = with_recipient(change(first), EVE.recipient)
    assert values(second, by=EVE) == values(first)
    assert seals(first)[0] == seals(second)[0]
    third = without_recipient(change(second), EVE.recipient)
    assert values(third) == values(first)
    assert code(lambda: values(third, by=EVE)) == LOCKED
    assert open_(third).key != open_(second).key


def test_recipients_that_make_no_sense_are_refused() -> None:
    content = with_recipient(change(made(a="one")), EVE.recipient)
    assert code(lambda: with_recipient(change(content), EVE.recipient)) == RECIPIENT
    assert code(lambda: with_recipient(change(content), "ssh-ed25519 AAAA")) == RECIPIENT
    assert code(lambda: with_recipient(change(content), "age1xxx")) == RECIPIENT
    assert code(lambda: without_recipient(change(content), "age1xxx")) == RECIPIENT
    assert code(lambda: without_recipient(change(content), ADA.recipient)) == RECIPIENT


def test_there_are_bounds_on_recipients_and_values() -> None:
    others = [age.new_identity() for _ in range(RECIPIENTS - 1)]
    full = begun(YAML, ADA, *others[1:])
    full = with_recipient(change(full), others[0].recipient)
    assert code(lambda: with_recipient(change(full), EVE.recipient)) == LIMIT
    small = begun()
    assert with_value(change(small), "a", Secret("x" * VALUE_BYTES))
    assert code(lambda: with_value(change(small), "a", Secret("x" * (VALUE_BYTES + 1)))) == LIMIT
    assert code(lambda: with_value(change(small), "a", Secret(""))) == LIMIT
    for name in "abc":
        small = with_value(change(small), name, Secret("x" * (FILE_BYTES // 6)))
    large = Secret("x" * VALUE_BYTES)
    assert (
        code(lambda: with_value(change(with_value(change(small), "d", large)), "e", large)) == LIMIT
    )


@each_of("name", ["", "a b", "1a", "a..b", "a:b", "sops", "sops.mac", "ä", "a" * 201])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert code(lambda: with_value(change(made()), name, Secret("x"))) == NAME


def test_a_name_that_the_rule_would_leave_in_plain_form_is_refused() -> None:
    assert code(lambda: with_value(change(made()), "a_unencrypted", Secret("x"))) == NAME
    assert code(lambda: with_value(change(made()), "a_unencrypted.b", Secret("x"))) == NAME


def test_a_value_takes_no_mapping_s_place() -> None:
    content = made(a__b="x", c="y")
    assert code(lambda: with_value(change(content), "a", Secret("x"))) == NAME
    assert code(lambda: with_value(change(content), "c.d", Secret("x"))) == NAME


def test_what_would_be_lost_is_not_written() -> None:
    content = b"# a comment\n" + made(a="x")
    assert code(lambda: with_value(change(content), "a", Secret("y"))) == UNSUPPORTED
    plain = json.loads(made(JSON, a="x"))
    plain["sops"]["pgp"] = [{"fp": "A", "enc": "B", "created_at": "C"}]
    both = json.dumps(plain).encode()
    assert code(lambda: rotated(change(both, JSON))) == UNSUPPORTED
    kept = json.loads(with_value(change(both, JSON), "a", Secret("y")))
    assert kept["sops"]["pgp"] == plain["sops"]["pgp"]


def test_nothing_of_a_value_is_in_a_file_or_in_what_is_said_of_it() -> None:
    content, plain = begun(), "s3cret-w0rds"
    content = with_value(change(content), "a", Secret(plain))
    file = open_(content)
    assert plain.encode() not in content
    assert plain not in repr(file) and repr(file.key.bytes) not in repr(file)
