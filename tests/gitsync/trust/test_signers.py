import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.gitsync.trust import signers
from apps.gitsync.trust.signers import Signer, SignersError, parse, usable, written
from tests.tables import each_of

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUBKg2nZT/Kmc0hSRd0U5Q3ciMfkcmjAIJSRFBYJG/o"
RSA_TOO_SHORT = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ=="


def test_a_line_names_who_signs_and_when() -> None:
    options = 'namespaces="git,file",valid-after="20200101",valid-before="20210101000000Z"'
    (found,) = parse(f"# ours\n\nada@example.org {options} {KEY} a comment\n".encode())
    kind, key = KEY.split()
    assert found == Signer("ada@example.org", kind, key, 1_577_836_800, 1_609_459_200)


def test_a_key_for_other_things_than_commits_is_no_signer() -> None:
    assert parse(f'ada namespaces="file" {KEY}\n'.encode()) == ()


def test_whoever_has_ended_signs_no_more() -> None:
    found = parse(f'ada valid-before="20200101" {KEY}\nbob {KEY}\n'.encode())
    assert usable(found, 1_577_836_800) == found
    assert usable(found, 1_577_836_801) == found[1:]


@each_of(
    ("line", "said"),
    [
        ("ada", "write: name"),
        (f"* cert-authority {KEY}", "certificates"),
        (f'* cert-authority,namespaces="git" {KEY}', "certificates"),
        (f'ada no-such="x" {KEY}', "the options are"),
        (f'ada valid-before="20200101",valid-before="20300101" {KEY}', "the options are"),
        (f'ada valid-before="tomorrow" {KEY}', "a time is"),
        (f'ada valid-before="20201301" {KEY}', "a time is"),
        ("ada ssh-dss AAAAB3NzaC1kc3MAAAAA", "no type of key"),
        ("ada ssh-ed25519 !!!!", "not a key"),
        (f"ada {KEY.replace('ssh-ed25519', 'ecdsa-sha2-nistp256')}", "not a key"),
        (f"ada {RSA_TOO_SHORT}", "not a key"),
        ("ada \x1b[31m AAAA", "no type of key"),
    ],
)
def test_a_line_that_is_not_understood_is_refused(line: str, said: str) -> None:
    with pytest.raises(SignersError) as caught:
        parse(f"bob {KEY}\n{line}\n".encode())
    assert caught.value.line == 2
    assert said in caught.value.reason
    assert caught.value.reason.isprintable()


def test_the_bounds_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"ada {KEY}\n".encode()
    monkeypatch.setattr(signers, "SIGNERS", 2)
    monkeypatch.setattr(signers, "SIGNERS_BYTES", 3 * len(line))
    assert len(parse(line * 2)) == 2
    for over in (line * 3, line * 3 + b"\n"):
        with pytest.raises(SignersError):
            parse(over)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{text} {KEY}".encode()))
def test_what_is_handed_on_is_only_what_was_understood(content: bytes) -> None:
    try:
        found = parse(content)
    except SignersError:
        return
    again = parse(written(found))
    assert [(s.kind, s.key, s.after, s.before) for s in again] == [
        (s.kind, s.key, s.after, s.before) for s in found
    ]
