"""Who may sign first, and where backups go."""

from pathlib import Path

import pytest

from whispercms.instance import Instance, SettingsError, load

LINE = "ada ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUBKg2nZT/Kmc0hSRd0U5Q3ciMfkcmjAIJSRFBYJG/o"


def loaded(state: Path, **settings: str) -> Instance:
    variables = {f"WHISPERCMS_{name.upper()}": value for name, value in settings.items()}
    return load({"WHISPERCMS_STATE": str(state), **variables}, development=False)


def test_a_first_signer_is_a_line_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "allowed_signers"
    file.write_text(f"{LINE}\n")
    assert loaded(tmp_path, first_signer=LINE).first_signer == LINE
    assert loaded(tmp_path, first_signer=str(file)).first_signer == f"{LINE}\n"
    assert loaded(tmp_path, first_signer="").first_signer is None


@pytest.mark.parametrize("value", ["ada", "/no/such/file", "~nobody-at-all/file", "# nobody"])
def test_what_names_no_signer_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, first_signer=value)
    assert caught.value.place == "WHISPERCMS_FIRST_SIGNER"


def test_backups_are_off_until_a_folder_is_named(tmp_path: Path) -> None:
    assert loaded(tmp_path).backup_folder is None
    named = loaded(tmp_path, backup_folder="backups", backup_keep="30")
    assert (named.backup_folder, named.backup_keep) == (Path("backups").absolute(), 30)
    for number in ("0", "1001"):
        with pytest.raises(SettingsError):
            loaded(tmp_path, backup_keep=number)


def test_what_was_given_is_known_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(f'secret_key = "{"s" * 50}"\npull_minutes = 9\n')
    given = loaded(tmp_path, branch="main").given
    assert given == {"secret_key": "s" * 50, "pull_minutes": 9, "branch": "main"}
