import os
import stat
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.ingress.quotas import SEARCHES, Quota
from whispercms import own_files, web_settings
from whispercms.instance import (
    ASSET_MEGABYTES,
    FILE_KEYS,
    PORTS,
    PULL_MINUTES,
    SECRET_LENGTH,
    Instance,
    SettingsError,
    load,
)

SECRET = "s" * SECRET_LENGTH
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUBKg2nZT/Kmc0hSRd0U5Q3ciMfkcmjAIJSRFBYJG/o"
LINE = f'secret_key = "{SECRET}"\n'


def loaded(state: Path, text: str = "", **environ: str) -> Instance:
    """The settings that a file with `text` and a secret key, and this environment, give."""
    (state / "settings.toml").write_text(LINE + text)
    return load({"WHISPERCMS_STATE": str(state), **environ}, development=False)


def setting(found: Instance, key: str) -> object:
    return getattr(found.web if key in web_settings.KEYS else found, key)


def developed(state: Path, text: str = "", **environ: str) -> Instance:
    (state / "settings.toml").write_text(LINE + text)
    return load({"WHISPERCMS_STATE": str(state), **environ}, development=True)


def refused(state: Path, text: str = "", **environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        loaded(state, text, **environ)
    error = caught.value
    assert error.remedy
    assert str(error) == f"{error.place}: {error.problem}. {error.remedy}"
    return error


def test_without_settings_there_is_the_demo_site(tmp_path: Path) -> None:
    assert loaded(tmp_path) == Instance(
        state=tmp_path,
        settings=tmp_path / "settings.toml",
        secret_key=SECRET,
        remote=None,
        branch=None,
        console=False,
        development=False,
        https=True,
        hosts=("localhost", "127.0.0.1", "[::1]"),
        port=8000,
        pull_minutes=5,
        asset_megabytes=64,
        sandbox="required",
    )


def test_development_has_the_console_no_https_and_no_required_sandbox(tmp_path: Path) -> None:
    found = developed(tmp_path)
    assert found.sandbox == "preferred"
    assert developed(tmp_path, WHISPERCMS_SANDBOX="required").sandbox == "required"
    assert (found.development, found.console, found.https) == (True, True, False)
    said = developed(tmp_path, "console = false\nhttps = true\n")
    assert (said.console, said.https) == (False, True)


SETTINGS: list[tuple[str, str, str, Any, Any]] = [
    # key, in the file, in the environment, from the file, from the environment
    (
        "remote",
        '"https://x.org/a.git"',
        "git@x.org:b.git",
        "https://x.org/a.git",
        "git@x.org:b.git",
    ),
    ("branch", '"main"', "side/1", "main", "side/1"),
    (
        "environments",
        '{main = "", drafts = "d"}',
        "live=l, main=",
        (("main", ""), ("drafts", "d")),
        (("live", "l"), ("main", "")),
    ),
    ("environment", '"preview"', "admin", "preview", "admin"),
    ("console", "true", "0", True, False),
    ("https", "false", "1", False, True),
    ("hosts", '["a.org", "b.org"]', "c.org, d.org", ("a.org", "b.org"), ("c.org", "d.org")),
    ("port", "8001", "8002", 8001, 8002),
    ("pull_minutes", "7", "8", 7, 8),
    ("asset_megabytes", "9", "10", 9, 10),
    ("sandbox", '"preferred"', "required", "preferred", "required"),
    ("require_signatures", "true", "0", True, False),
    ("first_signer", f'"ada {KEY}"', f"bob {KEY}", f"ada {KEY}", f"bob {KEY}"),
    ("backup_folder", '"/a"', "/b", Path("/a"), Path("/b")),
    ("backup_keep", "2", "3", 2, 3),
    ("webhook_secret", f'"{"w" * 20}"', "x" * 20, "w" * 20, "x" * 20),
    ("ssh_key_passphrase", '"a b"', "c d", "a b", "c d"),
    ("cache_megabytes", "0", "1", 0, 1),
    ("image_megabytes", "16", "17", 16, 17),
    ("shared_seconds", "60", "61", 60, 61),
    (
        "trusted_proxies",
        '["10.0.0.0/8", "::1"]',
        "192.0.2.1, fd00::/8",
        (ip_network("10.0.0.0/8"), ip_network("::1")),
        (ip_network("192.0.2.1"), ip_network("fd00::/8")),
    ),
    (
        "rate_limits",
        '["/ 5/second", "/search/ 30/minute"]',
        "/a 1/hour",
        (Quota("/", 5, 1), Quota("/search/", 30, 60)),
        (Quota("/a", 1, 3600),),
    ),
    (
        "search_limit",
        '"5/second"',
        "none",
        Quota(SEARCHES, 5, 1),
        None,
    ),
    ("redis", '"redis://a/0"', "unix:///run/b", "redis://a/0", "unix:///run/b"),
    ("cors_origins", '["https://a.org"]', "*", ("https://a.org",), ("*",)),
    ("address", '"127.0.0.1"', "::1", "127.0.0.1", "::1"),
    ("server", '"uvicorn"', "daphne", "uvicorn", "daphne"),
    ("processes", "2", "3", 2, 3),
    ("metrics", '"local"', "all", "local", "all"),
    ("debug_headers", "true", "0", True, False),
    ("access_log", "true", "0", True, False),
    ("local_secrets", '"/a.sops.yaml"', "/b.sops.yaml", Path("/a.sops.yaml"), Path("/b.sops.yaml")),
]


@pytest.mark.parametrize(("key", "in_file", "in_environment", "first", "second"), SETTINGS)
def test_every_setting_is_read_from_the_file_and_the_environment_wins(
    tmp_path: Path, key: str, in_file: str, in_environment: str, first: Any, second: Any
) -> None:
    variable = "PORT" if key == "port" else f"WHISPERCMS_{key.upper()}"
    line, given = f"{key} = {in_file}\n", {variable: in_environment}
    assert setting(loaded(tmp_path, line), key) == first
    assert setting(loaded(tmp_path, line, **given), key) == second
    assert setting(loaded(tmp_path, **given), key) == second


def test_the_secret_key_is_read_from_the_file_and_the_environment_wins(tmp_path: Path) -> None:
    assert loaded(tmp_path).secret_key == SECRET
    other = "o" * SECRET_LENGTH
    assert loaded(tmp_path, WHISPERCMS_SECRET_KEY=other).secret_key == other
    (tmp_path / "empty.toml").touch()
    environ = {"WHISPERCMS_SETTINGS": str(tmp_path / "empty.toml"), "WHISPERCMS_SECRET_KEY": other}
    assert load({"WHISPERCMS_STATE": str(tmp_path), **environ}, development=False).secret_key == (
        other
    )


def test_every_setting_is_tested_here() -> None:
    assert {key for key, *_ in SETTINGS} | {"secret_key", *own_files.KEYS} == FILE_KEYS


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('environment = "nosuch"\n', "settings.toml:2"),
        ('environments = {live = "x"}\n', "settings.toml:2"),
        ("environments = 3\n", "settings.toml:2"),
        ('environments = {live = "a..b"}\n', "settings.toml:2"),
    ],
)
def test_environments_that_do_not_fit_are_refused(tmp_path: Path, text: str, place: str) -> None:
    assert refused(tmp_path, text).place.endswith(place)


@pytest.mark.parametrize("key", ["remote", "branch"])
def test_an_empty_text_is_no_setting(tmp_path: Path, key: str) -> None:
    assert getattr(loaded(tmp_path, f'{key} = " "\n'), key) is None
    variable = f"WHISPERCMS_{key.upper()}"
    assert getattr(loaded(tmp_path, f'{key} = "x"\n', **{variable: ""}), key) is None


@pytest.mark.parametrize("text", ["1", "true", "yes", "on", "TRUE", "On"])
def test_yes_has_many_words(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, WHISPERCMS_CONSOLE=text).console is True
    assert loaded(tmp_path, f'console = "{text}"\n').console is True


@pytest.mark.parametrize("text", ["0", "false", "no", "off", "", "FALSE"])
def test_no_has_many_words(tmp_path: Path, text: str) -> None:
    assert developed(tmp_path, WHISPERCMS_CONSOLE=text).console is False


@pytest.mark.parametrize(
    ("key", "variable", "bounds"),
    [
        ("port", "PORT", PORTS),
        ("pull_minutes", "WHISPERCMS_PULL_MINUTES", PULL_MINUTES),
        ("asset_megabytes", "WHISPERCMS_ASSET_MEGABYTES", ASSET_MEGABYTES),
    ],
)
def test_numbers_have_bounds(
    tmp_path: Path, key: str, variable: str, bounds: tuple[int, int]
) -> None:
    for inside in bounds:
        assert getattr(loaded(tmp_path, f"{key} = {inside}\n"), key) == inside
        assert getattr(loaded(tmp_path, **{variable: str(inside)}), key) == inside
    for outside in (bounds[0] - 1, bounds[1] + 1):
        assert refused(tmp_path, f"{key} = {outside}\n").place.endswith("settings.toml:2")
        error = refused(tmp_path, **{variable: str(outside)})
        assert error.place == variable
        assert f"from {bounds[0]} to {bounds[1]}" in error.remedy


def test_a_secret_key_has_a_least_length(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHISPERCMS_SECRET_KEY=SECRET)
    error = refused(tmp_path, WHISPERCMS_SECRET_KEY=SECRET[1:])
    assert error.place == "WHISPERCMS_SECRET_KEY"
    assert "secrets.token_urlsafe" in error.remedy
    assert SECRET[1:] not in str(error)


@pytest.mark.parametrize("secret", [" " * SECRET_LENGTH, "x".center(SECRET_LENGTH)])
def test_spaces_are_no_secret(tmp_path: Path, secret: str) -> None:
    assert refused(tmp_path, WHISPERCMS_SECRET_KEY=secret).place == "WHISPERCMS_SECRET_KEY"


def test_a_file_without_a_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = 1\n")
    with pytest.raises(SettingsError, match="secret_key") as caught:
        load({"WHISPERCMS_STATE": str(tmp_path)}, development=False)
    assert caught.value.place == str(tmp_path / "settings.toml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\nport = 0\n", 4),
        ("# port = 1\nport = true\n", 3),
        ('"port" = "x"\n', 2),
        ("console = 1\n", 2),
        ('console = "maybe"\n', 2),
        ("remote = 3\n", 2),
        ("branch = []\n", 2),
        ("hosts = 3\n", 2),
        ("hosts = [3]\n", 2),
        ("sandbox = false\n", 2),
        ("colour = 1\n", 2),
        ("PORT = 1\n", 2),
        ("state = '/x'\n", 2),
        ("development = true\n", 2),
        ("port = \n", 2),
        ("port = 1\nport = 2\n", 3),
        ("x y\n", 2),
    ],
)
def test_an_unusable_setting_is_named_with_file_and_line(
    tmp_path: Path, text: str, line: int
) -> None:
    assert refused(tmp_path, text).place == f"{tmp_path / 'settings.toml'}:{line}"


@pytest.mark.parametrize("text", ["port = " + "1" * 5000, "port = '''\n", "a = " + "[" * 5000])
def test_a_file_that_toml_cannot_read_is_refused_whatever_is_wrong(
    tmp_path: Path, text: str
) -> None:
    assert refused(tmp_path, text).place.startswith(str(tmp_path / "settings.toml"))


def test_an_unknown_key_is_told_which_keys_there_are(tmp_path: Path) -> None:
    error = refused(tmp_path, "colour = 1\n")
    assert all(key in error.remedy for key in FILE_KEYS)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", ""),
        ("PORT", "80a"),
        ("PORT", "-1"),
        ("PORT", "8000.0"),
        ("WHISPERCMS_CONSOLE", "maybe"),
        ("WHISPERCMS_HTTPS", "2"),
        ("WHISPERCMS_SANDBOX", "off"),
        ("WHISPERCMS_SANDBOX", ""),
        ("WHISPERCMS_PULL_MINUTES", "1" * 30),
    ],
)
def test_an_unusable_variable_is_named(tmp_path: Path, variable: str, value: str) -> None:
    assert refused(tmp_path, **{variable: value}).place == variable


def test_a_wrong_key_in_the_file_is_told_of_even_if_the_environment_has_another(
    tmp_path: Path,
) -> None:
    assert refused(tmp_path, "colour = 1\n", PORT="1").place.endswith(":2")
    assert loaded(tmp_path, "port = 0\n", PORT="1").port == 1


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="cannot be read"):
        load({"WHISPERCMS_STATE": str(tmp_path)}, development=False)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load({"WHISPERCMS_STATE": str(tmp_path)}, development=False)


def fresh(state: Path, **environ: str) -> Instance:
    return load({"WHISPERCMS_STATE": str(state), **environ}, development=False)


def test_on_first_start_a_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    found = fresh(tmp_path / "new" / "state")
    mode = found.settings.stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(found.settings.parent.stat().st_mode) & 0o077 == 0
    assert list(found.settings.parent.iterdir()) == [found.settings]


def test_the_mode_does_not_depend_on_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        found = fresh(tmp_path / "state")
    finally:
        os.umask(before)
    assert stat.S_IMODE(found.settings.stat().st_mode) == 0o600


def test_the_secret_is_fresh_and_kept(tmp_path: Path) -> None:
    one, other = fresh(tmp_path / "one"), fresh(tmp_path / "other")
    assert len(one.secret_key) >= SECRET_LENGTH
    assert one.secret_key != other.secret_key
    assert fresh(tmp_path / "one") == one


def test_what_a_first_start_writes_explains_every_common_setting(tmp_path: Path) -> None:
    text = fresh(tmp_path).settings.read_text()
    assert all(f"{key} = " in text for key in ("remote", "branch", "console", "hosts"))
    commented = text.replace("# remote", "remote").replace("# branch", "branch")
    (tmp_path / "settings.toml").write_text(commented)
    assert fresh(tmp_path).branch == "main"


def test_a_file_that_is_there_is_never_written_to(tmp_path: Path) -> None:
    loaded(tmp_path)
    (tmp_path / "settings.toml").chmod(0o400)
    before = (tmp_path / "settings.toml").stat()
    fresh(tmp_path)
    assert (tmp_path / "settings.toml").stat().st_mtime_ns == before.st_mtime_ns


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "etc" / "site.toml"
    found = fresh(tmp_path / "state", WHISPERCMS_SETTINGS=str(elsewhere))
    assert (found.settings, found.state) == (elsewhere, tmp_path / "state")
    assert elsewhere.exists()
    assert not (tmp_path / "state" / "settings.toml").exists()


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError, match="cannot be written") as caught:
        fresh(tmp_path / "file" / "state")
    assert "WHISPERCMS_STATE" in caught.value.remedy


def test_a_relative_remote_is_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert loaded(tmp_path, WHISPERCMS_REMOTE="my site").remote == str(tmp_path / "my site")
    assert loaded(tmp_path, 'remote = "./x.git"\n').remote == str(tmp_path / "x.git")


def test_a_remote_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loaded(tmp_path, WHISPERCMS_REMOTE="~/site").remote == str(tmp_path / "site")


@pytest.mark.parametrize(
    "remote",
    ["/srv/x.git", "https://x.org/a.git", "ssh://x.org/a", "file:///srv/x", "git@x.org:team/a.git"],
)
def test_a_url_or_an_absolute_path_is_left_as_it_is(tmp_path: Path, remote: str) -> None:
    assert loaded(tmp_path, WHISPERCMS_REMOTE=remote).remote == remote


def test_a_relative_state_folder_is_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = load({"WHISPERCMS_STATE": "state"}, development=False)
    assert found.state == tmp_path / "state"
    assert found.settings == tmp_path / "state" / "settings.toml"


def test_a_relative_settings_file_is_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named absolutely, for the processes that this one starts may stand elsewhere."""
    monkeypatch.chdir(tmp_path)
    found = fresh(tmp_path / "state", WHISPERCMS_SETTINGS="my.toml")
    assert found.settings == tmp_path / "my.toml"


@pytest.mark.parametrize(
    ("environ", "state"),
    [
        ({"HOME": "{}"}, ".local/state/whispercms"),
        ({"HOME": "/nowhere", "XDG_STATE_HOME": "{}/xdg"}, "xdg/whispercms"),
        ({"HOME": "{}", "XDG_STATE_HOME": "", "WHISPERCMS_STATE": ""}, ".local/state/whispercms"),
    ],
)
def test_without_a_state_folder_there_is_one_at_home(
    tmp_path: Path, environ: dict[str, str], state: str
) -> None:
    given = {name: value.format(tmp_path) for name, value in environ.items()}
    assert load(given, development=False).state == tmp_path / state


def test_the_environment_of_the_process_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "1234")
    assert loaded(tmp_path).port == 8000


VARIABLES = st.sampled_from(["PORT", *(f"WHISPERCMS_{key.upper()}" for key in sorted(FILE_KEYS))])


@given(st.dictionaries(VARIABLES, st.text(max_size=60)))
def test_any_environment_gives_settings_or_names_a_variable(
    tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]
) -> None:
    state = tmp_path_factory.getbasetemp() / "any-environment"
    state.mkdir(exist_ok=True)
    try:
        found = loaded(state, **environ)
    except SettingsError as error:
        assert error.place in environ
        return
    assert isinstance(found.port, int)
    assert len(found.secret_key) >= SECRET_LENGTH
    assert found.remote is None or found.remote


@pytest.mark.parametrize("variable", ["WHISPERCMS_REMOTE", "WHISPERCMS_STATE"])
def test_the_home_of_nobody_is_refused(tmp_path: Path, variable: str) -> None:
    (tmp_path / "settings.toml").write_text(LINE)
    environ = {"WHISPERCMS_STATE": str(tmp_path), variable: "~no-such-user/site"}
    with pytest.raises(SettingsError) as caught:
        load(environ, development=False)
    assert caught.value.place == variable


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "::"])
def test_a_console_is_not_put_where_it_can_be_reached_without_tls(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(SettingsError, match="without TLS"):
        loaded(tmp_path, f'console = true\naddress = "{address}"\n')
    with pytest.raises(SettingsError, match="without TLS"):
        loaded(tmp_path, f'console = true\nhttps = true\naddress = "{address}"\n')
    proxied = 'https = true\ntrusted_proxies = ["192.0.2.1"]\n'
    assert loaded(tmp_path, f'console = true\naddress = "{address}"\n{proxied}').console
    assert not loaded(tmp_path, f'address = "{address}"\n').console


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_console_for_this_machine_alone_needs_no_tls(tmp_path: Path, address: str) -> None:
    assert loaded(tmp_path, f'console = true\naddress = "{address}"\n').web.address == address


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not appear to be an IP"):
        loaded(tmp_path, 'address = "example.org"\n')
