"""Seals open with their key, in their place, and whole."""

import base64
import re

import pytest

from apps.policy.secrets import age
from apps.policy.secrets.ciphers import BrokenSeal, new_data_key, sealed, unsealed
from apps.policy.secrets.faults import SecretFault
from apps.policy.secrets.limits import WRAPPED_BYTES
from apps.policy.secrets.tree import STR, Leaf
from tests.policy.secrets.samples import ADA, EVE

KEY = new_data_key()
SEAL = sealed(Leaf(STR, "one"), KEY, "a:")


def test_a_seal_opens_with_its_key_and_in_its_place_only() -> None:
    assert unsealed(SEAL, KEY, "a:") == Leaf(STR, "one")
    for key, place in ((KEY, "b:"), (new_data_key(), "a:"), (KEY, "")):
        with pytest.raises(BrokenSeal):
            unsealed(SEAL, key, place)


def test_no_two_seals_are_alike_and_each_has_a_nonce_of_32_bytes() -> None:
    nonces = {re.search("iv:([^,]+)", sealed(Leaf(STR, "x"), KEY, "a:"))[1] for _ in range(50)}  # type: ignore[index]
    assert len(nonces) == 50
    assert {len(base64.b64decode(each)) for each in nonces} == {32}


NO_SEALS = [
    *("", "ENC[]", SEAL[:-1], f" {SEAL}", f"{SEAL} ", SEAL.replace("str", "strs")),
    *(
        SEAL.replace("str", "none"),
        SEAL.replace("AES256", "AES128"),
        SEAL.replace("data:", "data:="),
    ),
    *(re.sub("tag:[^,]+", "tag:AAAA", SEAL), re.sub("iv:[^,]+", "iv:AAAA", SEAL)),
    re.sub("iv:[^,]+", f"iv:{'A' * 400}", SEAL),
]


@pytest.mark.parametrize("text", NO_SEALS, ids=range(len(NO_SEALS)))
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(BrokenSeal):
        unsealed(text, KEY, "a:")


def test_nothing_of_a_value_or_a_key_is_in_what_is_printed() -> None:
    assert "one" not in repr(Leaf(STR, "one")) and repr(KEY.bytes) not in repr(KEY)


def test_a_data_key_is_opened_by_its_recipient_only() -> None:
    wrapped = age.wrapped(b"key", ADA.recipient)
    assert age.unwrapped(wrapped, [EVE, ADA]) == b"key"
    assert age.unwrapped(wrapped, [EVE]) is None and age.unwrapped(wrapped, []) is None
    assert age.unwrapped("junk", [ADA]) is None
    assert age.unwrapped("x" * (WRAPPED_BYTES + 1), [ADA]) is None


def test_what_is_no_key_is_told_without_quoting_it() -> None:
    with pytest.raises(ValueError, match="no identity") as caught:
        age.identity("AGE-SECRET-KEY-1WRONG")
    assert "WRONG" not in str(caught.value)
    for text in ("", "ssh-ed25519 AAAA", ADA.secret.reveal(), "age1"):
        with pytest.raises(SecretFault):
            age.check_recipient(text)
