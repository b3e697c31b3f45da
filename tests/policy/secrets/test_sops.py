"""Files of the sops tools open here; and whatever was done to one since it was sealed is found."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.policy.secrets.age import Identity
from apps.policy.secrets.faults import FORM, LIMIT, LOCKED, TAMPERED, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import FILE_BYTES
from apps.policy.secrets.sealing import with_recipient
from apps.policy.secrets.sops import form_of, parsed
from tests.policy.secrets.samples import (
    ADA,
    EVE,
    JSON,
    PUBLISHED,
    ROPS,
    SOPS_AGE,
    YAML,
    change,
    made,
    open_,
    values,
)
from tests.tables import each_of

THREE = [("complex.array", "one"), ("complex.array", "two"), ("complex.array", "three")]
SAME = [("secret", "this is a secret"), ("string", "string"), ("int", "7"), ("float", "3.14")]
SAME += [("boolean", "True"), ("complex.value", "this is a secret"), *THREE]
BOTH = made(a="one", b="two", c__d="three")


def published(name: str) -> bytes:
    return (PUBLISHED / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "by", "expected"),
    [
        ("sops-age.sops.yaml", SOPS_AGE, SAME),
        ("sops-age.sops.json", SOPS_AGE, SAME),
        (
            "rops-mac-only.sops.yaml",
            ROPS,
            [
                *(("a_encrypted", "xxx"), ("b_unencrypted.a", "aaa"), ("b_unencrypted.b", "123")),
                *(("b_unencrypted.b", "456"), ("c_encrypted", "xxx"), ("d_unencrypted", "aaa")),
            ],
        ),
        (
            "rops-encrypted-suffix.sops.yaml",
            ROPS,
            [
                *(("a.1_encrypted.a", "xxx"), ("a.1_encrypted.b", "xxx"), ("a.2_plain", "aaa")),
                *(("a.3_nested_encrypted.a.i", "xxx"), ("a.3_nested_encrypted.b.ii", "xxx")),
                ("b_encrypted", "xxx"),
            ],
        ),
        (
            "rops-encrypted-regex.sops.yaml",
            ROPS,
            [
                *(("a.encrypted_1.a", "xxx"), ("a.encrypted_1.b", "xxx")),
                *(("a.not_encrypted", "aaa"), ("b", "aaa")),
            ],
        ),
        (
            "rops-unencrypted-regex.sops.yaml",
            ROPS,
            [
                *(("a.unencrypted_1.a", "aaa"), ("a.unencrypted_1.b", "aaa")),
                *(("a.unencrypted_1.c", "123"), ("a.unencrypted_1.c", "456")),
                *(("a.encrypted", "xxx"), ("b", "xxx")),
            ],
        ),
        (
            "rops-empty.sops.yaml",
            ROPS,
            [
                *(("string_value", ""), ("null_value", "")),
                *(("array_value", ""), ("array_value", "")),
            ],
        ),
    ],
)
def test_a_published_file_opens(name: str, by: Identity, expected: list[tuple[str, str]]) -> None:
    assert values(published(name), name, by=by) == expected


def refused(content: bytes, path: str = YAML, *, by: Identity = ADA) -> SecretFault:
    with pytest.raises(SecretFault) as caught:
        open_(content, path, by=by)
    assert caught.value.reason and caught.value.remedy
    return caught.value


def lines(content: bytes) -> list[str]:
    return content.decode().splitlines(keepends=True)


def seal(content: bytes, key: str) -> str:
    found = re.search(rf"^ *{key}: (ENC\S+)$", content.decode(), re.M)
    assert found
    return found[1]


def without(content: bytes, key: str) -> bytes:
    return re.sub(rf"^ *{key}: .*\n".encode(), b"", content, flags=re.M)


def swapped(content: bytes, one: str, two: str) -> bytes:
    a, b = seal(content, one).encode(), seal(content, two).encode()
    return content.replace(a, b"@").replace(b, a).replace(b"@", b)


def reordered(content: bytes) -> bytes:
    first, second, *rest = lines(content)
    return "".join([second, first, *rest]).encode()


def changed(content: bytes, key: str) -> bytes:
    whole = seal(content, key)
    last = whole.index(",iv:") - 1 if whole[whole.index(",iv:") - 1] != "=" else 21
    other = "A" if whole[last] != "A" else "B"
    return content.replace(whole.encode(), (whole[:last] + other + whole[last + 1 :]).encode())


ONLY = b"    mac_only_encrypted: true\n"
MODIFIED = re.compile(rb"lastmodified: .*")
ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    "a changed value": lambda c: changed(c, "a"),
    "a changed value below": lambda c: changed(c, "d"),
    "a removed value": lambda c: without(c, "b"),
    "an emptied value": lambda c: c.replace(seal(c, "a").encode(), b'""'),
    "a value that is null": lambda c: c.replace(seal(c, "a").encode(), b"null"),
    "an added value": lambda c: f"z: {seal(c, 'a')}\n".encode() + c,
    "an added plain value": lambda c: b"z_unencrypted: x\n" + c,
    "swapped values": lambda c: swapped(c, "a", "b"),
    "reordered values": reordered,
    "a renamed key": lambda c: c.replace(b"a: ENC", b"z: ENC"),
    "a value in plain form": lambda c: c.replace(seal(c, "a").encode(), b"one"),
    "another time": lambda c: MODIFIED.sub(b'lastmodified: "2020-01-01T00:00:00Z"', c),
    "an old MAC": lambda c: c.replace(seal(c, "mac").encode(), seal(made(a="x"), "mac").encode()),
    "a rule that seals nothing": lambda c: c.replace(b" _unencrypted", b" a"),
    "a MAC over sealed values": lambda c: c.replace(b"    version", ONLY + b"    version"),
}


@each_of("attack", ATTACKS)
def test_what_was_done_to_a_file_is_found(attack: str) -> None:
    content = ATTACKS[attack](BOTH)
    assert content != BOTH
    fault = refused(content)
    assert fault.code == TAMPERED
    assert not {"one", "two", "three"} & set(re.findall(r"\w+", fault.reason))


def test_items_of_a_list_that_changed_places_are_found() -> None:
    name = "sops-age.sops.yaml"
    whole = lines(published(name))
    first = next(n for n, line in enumerate(whole) if line.startswith("    - ENC"))
    whole[first], whole[first + 1] = whole[first + 1], whole[first]
    assert refused("".join(whole).encode(), name, by=SOPS_AGE).code == TAMPERED


def test_a_value_of_another_file_with_the_same_key_is_found() -> None:
    first = made(a="one")
    older = with_recipient(change(first), EVE.recipient)
    newer = made(a="two")
    mixed = newer.replace(seal(newer, "a").encode(), seal(older, "a").encode())
    assert refused(mixed).code == TAMPERED


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(BOTH) - 1), st.integers(0, 255))
def test_no_byte_of_a_value_can_be_another(place: int, byte: int) -> None:
    """Where the file still opens, it says what it said."""
    content = BOTH[:place] + bytes([byte]) + BOTH[place + 1 :]
    try:
        found = [text for _, text in values(content)]
    except SecretFault as fault:
        assert fault.remedy
    else:
        assert found == ["one", "two", "three"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([YAML, JSON]), st.binary(max_size=200) | st.text(max_size=200))
def test_no_content_is_more_than_a_fault(path: str, content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    with pytest.raises(SecretFault):
        open_(raw, path)


def test_whom_it_is_not_sealed_for_is_told_whose_key_they_have() -> None:
    fault = refused(BOTH, by=EVE)
    assert fault.code == LOCKED and EVE.recipient in fault.reason


def test_a_file_has_a_largest_size() -> None:
    room = FILE_BYTES - len(BOTH)
    assert parsed("yaml", BOTH + b" " * (room - 1) + b"\n")
    assert refused(BOTH + b" " * room + b"\n").code == LIMIT


@pytest.mark.parametrize("path", ["secrets/a.env", "a.sops.ini", "a.yaml", "a.sops.env", ".sops"])
def test_other_forms_are_refused_with_a_remedy(path: str) -> None:
    with pytest.raises(SecretFault) as caught:
        form_of(path)
    assert caught.value.code == UNSUPPORTED and ".env and INI" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"a: 1\n", FORM),
        (b"sops: {}\n", UNSUPPORTED),
        (b"sops:\n  age: []\n  pgp:\n    - fp: A\n      enc: x\n", UNSUPPORTED),
        (b"a:b: 1\nsops: 2\n", FORM),
        (b"\xff", FORM),
    ],
)
def test_what_is_no_file_for_age_is_refused(text: bytes, code: str) -> None:
    assert refused(text).code == code


def test_keys_with_colons_are_refused() -> None:
    content = b'"a:b": x\n' + BOTH
    assert "colon" in refused(content).reason


@pytest.mark.parametrize("comment", ["# plain\n", "#ENC[AES256_GCM,data:x,type:comment]\n"])
def test_comments_do_not_keep_a_file_from_being_read(comment: str) -> None:
    assert values(comment.encode() + BOTH) == values(BOTH)
    assert parsed("yaml", comment.encode() + BOTH).has_comments
    assert not parsed("yaml", BOTH).has_comments
