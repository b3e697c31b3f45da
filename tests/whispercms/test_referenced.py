"""Settings may name a secret; what cannot be had ends every command, with name and remedy."""

from pathlib import Path

import pytest

from apps.policy.secrets.identities import create, write_private
from apps.policy.secrets.references import SITE, Reference
from apps.policy.secrets.sealing import Change, new_file, with_value
from apps.policy.secrets.secret import Secret
from whispercms.instance import SECRET_LENGTH, Instance, SettingsError, load

KEY = "k" * SECRET_LENGTH


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """With a key and a local file that holds `django` and `short`."""
    key = create(tmp_path / "age-key.txt", 0.0)
    path = tmp_path / "local.sops.yaml"
    content = new_file(str(path), [key.recipient], now=0.0)
    for name, value in (("django", KEY), ("short", "x"), ("phrase", "a phrase")):
        change = Change(path=str(path), content=content, identities=[key], now=0.0)
        content = with_value(change, name, Secret(value))
    write_private(path, content)
    return tmp_path


def loaded(state: Path, **settings: str) -> Instance:
    lines = [f'{key} = "{value}"' for key, value in {"secret_key": KEY, **settings}.items()]
    (state / "settings.toml").write_text("\n".join(lines))
    return load({"WHISPERCMS_STATE": str(state)}, development=False)


def refused(state: Path, **settings: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        loaded(state, **settings)
    assert caught.value.remedy and KEY not in str(caught.value)
    return caught.value


def test_what_is_local_is_opened_at_once(state: Path) -> None:
    found = loaded(state, secret_key="local:django", ssh_key_passphrase="local:phrase")
    assert (found.secret_key, found.ssh_key_passphrase) == (KEY, "a phrase")
    assert KEY not in repr(found) and "a phrase" not in repr(found)
    assert found.given["secret_key"] == "local:django"


def test_the_environment_may_name_it_as_well(state: Path) -> None:
    loaded(state)
    environ = {"WHISPERCMS_STATE": str(state), "WHISPERCMS_SECRET_KEY": "local:django"}
    assert load(environ, development=False).secret_key == KEY


def test_files_elsewhere_are_named_by_settings(state: Path) -> None:
    key, secrets = state / "other-key", state / "other.sops.yaml"
    (state / "age-key.txt").rename(key)
    (state / "local.sops.yaml").rename(secrets)
    named = {"age_key": str(key), "local_secrets": str(secrets)}
    assert loaded(state, secret_key="local:django", **named).secret_key == KEY


def test_what_is_of_the_site_is_kept_for_later(state: Path) -> None:
    found = loaded(state, webhook_secret="secret:hook", signing_key="secret:sign")
    assert found.webhook_secret == Reference(SITE, "hook")
    assert found.signing_key == Reference(SITE, "sign")


@pytest.mark.parametrize("key", ["secret_key", "ssh_key_passphrase"])
def test_what_is_needed_before_the_site_is_cannot_be_of_it(state: Path, key: str) -> None:
    assert "local:" in refused(state, **{key: "secret:a"}).remedy


def test_what_cannot_be_had_is_told_with_its_place_and_remedy(state: Path) -> None:
    missing = refused(state, secret_key="local:none")
    assert "'none'" in missing.problem and "secrets set none --local" in missing.remedy
    assert missing.place.endswith("settings.toml:1")
    assert "50 are the least" in refused(state, secret_key="local:short").problem
    assert "cannot be the name" in refused(state, secret_key="local:a b").problem
    assert refused(state, signing_key="local:django").remedy
    (state / "age-key.txt").chmod(0o644)
    assert "chmod 600" in refused(state, secret_key="local:django").remedy
    (state / "local.sops.yaml").unlink()
    assert "init --local" in refused(state, secret_key="local:django").remedy


def test_a_changed_local_file_is_not_used(state: Path) -> None:
    path = state / "local.sops.yaml"
    path.write_bytes(path.read_bytes().replace(b"django: ENC", b"other: ENC"))
    assert "was changed" in refused(state, secret_key="local:other").problem
