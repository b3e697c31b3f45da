import os
import subprocess
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.signing import SealedKey, SigningKey
from apps.policy.secrets.secret import Secret
from tests.gitsync.repositories import Made
from whispercms import instance

WHO = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "b", "GIT_COMMITTER_NAME": "a"}
WHO |= {"GIT_COMMITTER_EMAIL": "b"}


def made_key(path: Path, passphrase: str = "") -> Path:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-Z", "aes256-ctr", "-f"]
    subprocess.run([*command, path], check=True)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return made_key(tmp_path / "key")


@pytest.fixture(autouse=True)
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


def reason(path: Path) -> str:
    with pytest.raises(GitFault) as caught:
        SigningKey(path).check()
    assert caught.value.code == "signing.key" and caught.value.remedy
    return caught.value.reason


def test_a_signed_commit_is_verified_by_git_itself(key: Path, tmp_path: Path) -> None:
    made = Made(tmp_path / "made.git")
    SigningKey(key).check()
    tree = made.tree({b"a": b"1"})
    commit = Repository(made.path).write_commit(tree, (), "x\n", WHO, key=SigningKey(key))
    signers = tmp_path / "allowed_signers"
    signers.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    made.git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", commit)
    unsigned = Repository(made.path).write_commit(tree, (), "x\n", WHO)
    assert "gpgsig" not in made.git("cat-file", "commit", unsigned)


def test_a_key_that_is_in_no_file_signs_what_git_verifies(key: Path, tmp_path: Path) -> None:
    made, text = Made(tmp_path / "made.git"), key.read_text()
    sealed = SealedKey(lambda: Secret(text))
    sealed.check()
    tree = made.tree({b"a": b"1"})
    first = Repository(made.path).write_commit(tree, (), "x\n\ny\n\nz: 1\n", WHO, key=sealed)
    second = Repository(made.path).write_commit(tree, (first,), "x\n", WHO, key=sealed)
    signers = tmp_path / "allowed_signers"
    signers.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    for commit in (first, second):
        made.git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", commit)
    made.git("fsck", "--strict")


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN OPENSSH PRIVATE KEY-----\n!\n"])
def test_a_secret_that_is_no_key_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(GitFault) as caught:
        SealedKey(lambda: Secret(text)).check()
    assert caught.value.code == "signing.key" and (not text or text not in str(caught.value))


def test_what_is_no_usable_key_is_told_with_its_reason(key: Path, tmp_path: Path) -> None:
    assert "cannot be read" in reason(tmp_path / "none")
    text = tmp_path / "text"
    text.write_text("hello")
    assert "no SSH key" in reason(text)
    assert "no SSH agent" in reason(key.with_suffix(".pub"))
    key.chmod(0o644)
    assert "chmod 600" in reason(key)


def test_a_key_with_a_passphrase_needs_an_agent_and_nobody_is_asked_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = made_key(tmp_path / "locked", "secret")
    assert "passphrase" in reason(locked)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "no-agent"))
    SigningKey(locked).check()
    made = Made(tmp_path / "made.git")
    with pytest.raises(GitFault) as caught:
        Repository(made.path).write_commit(made.tree({}), (), "x\n", WHO, key=SigningKey(locked))
    assert caught.value.code == "signing.key"


def test_without_ssh_keygen_the_fault_says_what_to_install(
    key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made(tmp_path / "made.git")
    tree = made.tree({})
    only_git = tmp_path / "bin"
    only_git.mkdir()
    for name in ("git", "env"):
        found = next(
            Path(p) / name for p in os.environ["PATH"].split(":") if (Path(p) / name).exists()
        )
        (only_git / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(only_git))
    for call in (
        SigningKey(key).check,
        lambda: Repository(made.path).write_commit(tree, (), "x\n", WHO, key=SigningKey(key)),
    ):
        with pytest.raises(GitFault) as caught:
            call()
        assert caught.value.code == "signing.program"
        assert "OpenSSH" in caught.value.remedy


def test_the_setting_is_judged_at_the_start(key: Path, tmp_path: Path) -> None:
    environ = {"WHISPERCMS_STATE": str(tmp_path / "state"), "WHISPERCMS_SIGNING_KEY": str(key)}
    assert instance.load(environ, development=False).signing_key == key
    key.chmod(0o640)
    with pytest.raises(instance.SettingsError) as caught:
        instance.load(environ, development=False)
    assert caught.value.place == "WHISPERCMS_SIGNING_KEY"
    assert "chmod 600" in caught.value.problem
