"""What is not covered is refused by its name, and never left out in silence."""

import pytest

from apps.policy.secrets import json_form
from apps.policy.secrets.faults import FORM, LIMIT, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import PATTERN_CHARACTERS, RECIPIENTS, WRAPPED_BYTES
from apps.policy.secrets.metadata import read
from apps.policy.secrets.selection import Selection, decoded

ROW = '{"recipient": "age1x", "enc": "y"}'


def text(more: str = "", rows: str = ROW) -> str:
    more = f", {more}" if more else ""
    return f'{{"sops": {{"age": [{rows}], "mac": "m", "lastmodified": "t"{more}}}}}'


def refused(content: str) -> SecretFault:
    with pytest.raises(SecretFault) as caught:
        read(json_form.read(content))
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    "more",
    [
        *('"key_groups": [{"age": []}]', '"shamir_threshold": 2', '"hckms_new": []'),
        *('"unencrypted_comment_regex": "x"', '"encrypted_comment_regex": "x"', '"x": 1'),
    ],
)
def test_what_is_not_covered_is_refused_by_name(more: str) -> None:
    fault = refused(text(more))
    assert fault.code == UNSUPPORTED and more.split('"')[1] in fault.place


@pytest.mark.parametrize(
    "more", ['"key_groups": []', '"shamir_threshold": 0', '"pgp": null', '"kms": []']
)
def test_what_says_nothing_is_no_reason(more: str) -> None:
    assert read(json_form.read(text(more))).others == {}


@pytest.mark.parametrize("rows", ["", "1", '{"recipient": 1, "enc": "y"}', '{"enc": "y"}', "[]"])
def test_who_it_is_sealed_for_must_be_said(rows: str) -> None:
    assert refused(text(rows=rows)).code in (FORM, UNSUPPORTED)


def test_there_are_bounds_on_recipients() -> None:
    assert len(read(json_form.read(text(rows=", ".join([ROW] * RECIPIENTS)))).wrapped) == RECIPIENTS
    assert refused(text(rows=", ".join([ROW] * (RECIPIENTS + 1)))).code == LIMIT
    long = ROW.replace('"y"', f'"{"y" * WRAPPED_BYTES}"')
    assert read(json_form.read(text(rows=long)))
    assert refused(text(rows=long.replace('"y', '"yy'))).code == FORM


@pytest.mark.parametrize("part", ['"mac": "m"', '"lastmodified": "t"'])
def test_a_mac_and_its_time_must_be_there(part: str) -> None:
    assert refused(text().replace(part, '"version": "1"')).code == FORM


@pytest.mark.parametrize(
    ("selection", "sealed", "plain"),
    [
        (Selection(), "a/b", "a_unencrypted/b a/b_unencrypted"),
        (Selection("encrypted_suffix", "_e"), "a_e/b a/b_e", "a/b"),
        (Selection("encrypted_regex", "^(data|more)$"), "data a/more/b", "datas a"),
        (Selection("unencrypted_regex", "^x"), "ax", "xa xa/b"),
        (Selection("encrypted_regex", "key$"), "a-key", "keys"),
        (Selection("encrypted_regex", "key"), "keys akeyb", "kay"),
    ],
)
def test_the_rule_of_a_file_says_what_is_sealed(
    selection: Selection, sealed: str, plain: str
) -> None:
    assert all(selection.seals(tuple(path.split("/"))) for path in sealed.split())
    assert not any(selection.seals(tuple(path.split("/"))) for path in plain.split())


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", ".*", "a{2}", "[ab]", "^(a|(b))$", "(?i)a", "a b", "é"]
)
def test_patterns_that_are_more_than_names_are_refused(pattern: str) -> None:
    with pytest.raises(SecretFault) as caught:
        decoded({"encrypted_regex": pattern})
    assert caught.value.code == UNSUPPORTED


def test_a_file_has_one_rule_of_bounded_length() -> None:
    assert decoded({}) == Selection()
    with pytest.raises(SecretFault) as caught:
        decoded({"encrypted_suffix": "a", "unencrypted_suffix": "b"})
    assert caught.value.code == FORM
    assert decoded({"encrypted_regex": "a" * PATTERN_CHARACTERS})
    with pytest.raises(SecretFault):
        decoded({"encrypted_regex": "a" * (PATTERN_CHARACTERS + 1)})
