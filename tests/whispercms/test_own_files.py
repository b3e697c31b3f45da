"""Files that settings name are judged at the start, and no word of them is ever told."""

import os
import subprocess
from pathlib import Path

import pytest

from apps.policy.secrets.age import new_identity
from whispercms.instance import SECRET_LENGTH, WEBHOOK_LENGTH, Instance, SettingsError, load
from whispercms.own_files import CHECKS

CONTENTS = {
    "ssh_key": "",
    "known_hosts": "# ours\nexample.org ssh-ed25519 AAAA\n",
    "ssh_config": "Host *\n",
    "https_credentials": "example.org ada:t0ken\n",
    "https_certificates": "-----BEGIN CERTIFICATE-----\n",
    "age_key": f"# ours\n{new_identity().secret.reveal()}\n",
    "tls_certificate": "-----BEGIN CERTIFICATE-----\n",
    "tls_key": "-----BEGIN EC PARAMETERS-----\n-----BEGIN EC PRIVATE KEY-----\n",
}
SECRETS = ("ssh_key", "https_credentials", "age_key", "tls_key")
WEB = ("tls_certificate", "tls_key")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two keys, one of which has a passphrase."""
    folder = tmp_path_factory.mktemp("keys")
    for name, phrase in (("open", ""), ("locked", "s3cret")):
        command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-f", str(folder / name))
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def named(tmp_path: Path, keys: Path) -> dict[str, Path]:
    """One good file for each setting."""
    found = {key: tmp_path / f"a {key}" for key in CHECKS}
    for key, path in found.items():
        path.write_text(CONTENTS[key] or (keys / "open").read_text())
        path.chmod(0o600 if key in SECRETS else 0o644)
    return found


def loaded(state: Path, **settings: object) -> Instance:
    lines = [f'secret_key = "{"s" * SECRET_LENGTH}"']
    lines += [f'{key} = "{value}"' for key, value in settings.items()]
    (state / "settings.toml").write_text("\n".join(lines))
    return load({"WHISPERCMS_STATE": str(state)}, development=False)


def refused(state: Path, key: str, path: Path) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        loaded(state, **{key: path})
    error = caught.value
    assert error.place.endswith("settings.toml:2")
    assert error.remedy
    assert "t0ken" not in str(error) and "BEGIN" not in error.problem
    return error


def test_good_files_are_taken(tmp_path: Path, named: dict[str, Path]) -> None:
    found = loaded(tmp_path, **named)
    assert {key: getattr(found.web if key in WEB else found, key) for key in CHECKS} == named


def test_the_environment_names_them_as_well(tmp_path: Path, named: dict[str, Path]) -> None:
    loaded(tmp_path)
    environ = {f"WHISPERCMS_{key.upper()}": str(path) for key, path in named.items()}
    found = load({"WHISPERCMS_STATE": str(tmp_path), **environ}, development=False)
    assert found.ssh_key == named["ssh_key"]
    named["ssh_key"].unlink()
    with pytest.raises(SettingsError) as caught:
        load({"WHISPERCMS_STATE": str(tmp_path), **environ}, development=False)
    assert caught.value.place == "WHISPERCMS_SSH_KEY"


@pytest.mark.parametrize("key", sorted(CHECKS))
def test_a_file_that_is_missing_empty_or_none_is_refused(
    tmp_path: Path, named: dict[str, Path], key: str
) -> None:
    assert "there is no file" in refused(tmp_path, key, tmp_path / "none").problem
    assert "there is no file" in refused(tmp_path, key, tmp_path).problem
    named[key].write_bytes(b"\xff\xfe")
    assert "no text" in refused(tmp_path, key, named[key]).problem
    if key != "ssh_config":
        named[key].write_text("")
        refused(tmp_path, key, named[key])


@pytest.mark.parametrize("key", SECRETS)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o644])
def test_a_secret_that_others_may_read_is_refused(
    tmp_path: Path, named: dict[str, Path], key: str, mode: int
) -> None:
    named[key].chmod(mode)
    assert "chmod 600" in refused(tmp_path, key, named[key]).remedy


@pytest.mark.parametrize("key", sorted(CHECKS.keys() - {*SECRETS}))
@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_what_others_may_write_to_is_refused(
    tmp_path: Path, named: dict[str, Path], key: str, mode: int
) -> None:
    named[key].chmod(mode)
    assert "chmod go-w" in refused(tmp_path, key, named[key]).remedy


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path, named: dict[str, Path]) -> None:
    os.chown(named["ssh_key"], 12_345, 12_345)
    assert "another user" in refused(tmp_path, "ssh_key", named["ssh_key"]).problem


def test_a_key_must_be_private_and_open(tmp_path: Path, named: dict[str, Path], keys: Path) -> None:
    named["ssh_key"].write_text((keys / "locked").read_text())
    assert "passphrase" in refused(tmp_path, "ssh_key", named["ssh_key"]).problem
    assert loaded(tmp_path, ssh_key=named["ssh_key"], ssh_key_passphrase="s3cret").ssh_key
    named["ssh_key"].write_text((keys / "open.pub").read_text())
    assert "private" in refused(tmp_path, "ssh_key", named["ssh_key"]).problem
    named["ssh_key"].write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n!\n")
    refused(tmp_path, "ssh_key", named["ssh_key"])


def test_a_key_for_tls_must_be_private_and_open(tmp_path: Path, named: dict[str, Path]) -> None:
    named["tls_key"].write_text("-----BEGIN CERTIFICATE-----\n")
    assert "no private key" in refused(tmp_path, "tls_key", named["tls_key"]).problem
    for locked in ("ENCRYPTED PRIVATE KEY-----", "RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED"):
        named["tls_key"].write_text(f"-----BEGIN {locked}\n")
        assert "passphrase" in refused(tmp_path, "tls_key", named["tls_key"]).problem


@pytest.mark.parametrize("key", WEB)
def test_a_key_for_tls_without_its_certificate_is_refused(
    tmp_path: Path, named: dict[str, Path], key: str
) -> None:
    assert "go together" in refused(tmp_path, key, named[key]).problem


def test_a_line_that_is_no_credential_is_named(tmp_path: Path, named: dict[str, Path]) -> None:
    named["https_credentials"].write_text("\nexample.org ada:t0ken\nhttps://ada:t0ken@x.org\n")
    assert "line 3" in refused(tmp_path, "https_credentials", named["https_credentials"]).problem


@pytest.mark.parametrize("name", ["a'b", "a ${HOME} b", "a\\\\b"])
def test_a_path_that_ssh_would_read_otherwise_is_refused(
    tmp_path: Path, named: dict[str, Path], name: str
) -> None:
    path = tmp_path / name.replace("\\\\", "\\")
    path.write_text(named["ssh_key"].read_text())
    path.chmod(0o600)
    if "'" in name:
        assert loaded(tmp_path, ssh_key=path).ssh_key == path
    else:
        assert refused(tmp_path, "ssh_key", tmp_path / name).remedy == "Move it"


def test_a_webhook_s_secret_has_a_least_length_and_may_be_left_out(tmp_path: Path) -> None:
    assert loaded(tmp_path, webhook_secret="w" * WEBHOOK_LENGTH).webhook_secret
    assert loaded(tmp_path, webhook_secret="").webhook_secret is None
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, webhook_secret="w" * (WEBHOOK_LENGTH - 1))
    assert "www" not in str(caught.value)
