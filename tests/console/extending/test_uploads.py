"""What was sent waits for consent: for its sender alone, not for long, and not too much of it."""

import os
from pathlib import Path

import pytest
from django.test import override_settings

from apps.console.extending.bounds import UPLOAD_SECONDS, UPLOADS
from apps.console.extending.uploads import FOLDER, keep, uploaded
from apps.extensions.limits import PACKED_BYTES
from apps.extensions.owning.owned import OwnerRefused


@pytest.fixture(autouse=True)
def state(tmp_path: Path) -> object:
    with override_settings(STATE=tmp_path):
        yield tmp_path


def gone(owner: str, token: str) -> bool:
    try:
        uploaded(owner, token)
    except OwnerRefused as error:
        return error.code == "packed.gone"
    return False


def test_only_who_sent_it_gets_it_back(state: Path) -> None:
    token = keep("ada", b"packed")
    assert uploaded("ada", token) == b"packed"
    assert gone("bob", token) and gone("ada", "0" * 32)
    (file,) = (state / FOLDER).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "x" * 32, "0" * 31, "0" * 32 + "\n"])
def test_what_is_no_token_names_nothing(token: str) -> None:
    keep("ada", b"packed")
    assert gone("ada", token)


def test_the_oldest_give_way(state: Path) -> None:
    first = keep("ada", b"1")
    os.utime(next((state / FOLDER).iterdir()), (1, 10**9))
    for number in range(UPLOADS - 1):
        os.utime(state / FOLDER)
        keep("ada", bytes([number]))
    assert len(list((state / FOLDER).iterdir())) <= UPLOADS
    assert gone("ada", first), f"older than {UPLOAD_SECONDS} s"


def test_too_much_is_not_kept(state: Path) -> None:
    assert uploaded("ada", keep("ada", bytes(PACKED_BYTES))) == bytes(PACKED_BYTES)
    with pytest.raises(OwnerRefused):
        keep("ada", bytes(PACKED_BYTES + 1))
