"""Setting an installation up: every answer is looked at, and what is wrong changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.strict import read_toml
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.policy.roles import read_roles
from tests.sites import CONFIG, SiteRepository
from whispercms.settings_file import SettingsError, generate
from whispercms.setup import checks, resuming
from whispercms.setup.answers import EXISTING, SAMPLES, Answers, BadAnswer
from whispercms.setup.founding import ROLES, first_files
from whispercms.setup.setup import NotSetUp, set_up
from whispercms.setup.writing import write_settings

ADA = Author("Ada", "ada@example.org", "1700000000 +0000")


@pytest.fixture(autouse=True)
def again(tmp_path: Path, settings_state: Path) -> None:
    """What asks `serve` to begin again is of this test alone."""


@pytest.fixture
def settings_state(tmp_path: Path) -> Any:
    from django.test import override_settings

    with override_settings(STATE=tmp_path / "state"):
        (tmp_path / "state").mkdir()
        yield tmp_path / "state"


def done(folder: Path, answers: Answers, **more: Any) -> Any:
    state = folder / "state"
    return set_up(answers, state=state, settings=state / "settings.toml", author=ADA, **more)


def wrong(folder: Path, **said: str) -> checks.Found:
    """The first thing that is wrong; nothing was written."""
    with pytest.raises(NotSetUp) as caught:
        done(folder, Answers(**said))
    assert not (folder / "state" / "settings.toml").exists()
    found = next(each for each in caught.value.checks if not each.is_well)
    assert found.remedy and found.told
    return found


def existing(folder: Path) -> SiteRepository:
    repository = SiteRepository(folder / "there.git")
    repository.commit({"config.toml": CONFIG}, branch="main")
    repository.commit({"config.toml": CONFIG}, branch="drafts")
    return repository


def test_a_new_site_begins_with_a_page_a_post_and_its_owner(tmp_path: Path) -> None:
    answers = Answers(
        where=str(tmp_path / "new.git"), title='Ada\'s "notes"', sample="team", owner="ada"
    )
    made = done(tmp_path, answers)
    repository = Repository(tmp_path / "new.git")
    assert repository.resolve("refs/heads/main") == made.commit
    files = {item.path.decode(): item.blob for item in repository.tree(made.commit)}
    assert {"config.toml", "content/_index.md", "content/posts/first.md", ROLES} <= files.keys()
    roles = dict(repository.read([files[ROLES]]))[files[ROLES]].decode()
    assert dict(read_roles(roles).members) == {
        "administrators": ("ada",),
        "editors": (),
        "reviewers": (),
    }
    said = read_toml((tmp_path / "state" / "settings.toml").read_text())
    assert said["remote"] == str(tmp_path / "new.git") and len(str(said["secret_key"])) >= 50
    assert (tmp_path / "state" / "again").exists()


def test_it_can_be_done_again_after_being_killed_before_the_settings(tmp_path: Path) -> None:
    Repository(tmp_path / "new.git").create()
    with pytest.raises(NotSetUp):
        done(tmp_path, Answers(where=str(tmp_path / "new.git")))
    assert done(tmp_path, Answers(kind=EXISTING, where=str(existing(tmp_path).path))).commit is None


def test_what_is_there_already_is_served_by_the_branch_that_was_said(tmp_path: Path) -> None:
    made = done(tmp_path, Answers(kind=EXISTING, where=existing(tmp_path).path, branch="drafts"))
    assert made.settings == {"remote": str(tmp_path / "there.git"), "branch": "drafts"}


def test_a_dry_run_looks_and_writes_nothing(tmp_path: Path) -> None:
    made = done(tmp_path, Answers(where=str(tmp_path / "new.git")), dry_run=True)
    assert made.commit is None and not (tmp_path / "new.git").exists()
    assert list((tmp_path / "state").iterdir()) == []


def test_what_cannot_be_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert wrong(tmp_path, where="here").told == "'here' is no whole path"
    assert "something at" in wrong(tmp_path, where=str(tmp_path / "full")).told
    assert "no Git repository" in wrong(tmp_path, kind=EXISTING, where=str(tmp_path / "full")).told
    password = "https://ada:secret@example.org/x.git"
    found = wrong(tmp_path, kind=EXISTING, where=password)
    assert "password" in found.told and "secret" not in found.told + found.remedy
    key = wrong(tmp_path, kind=EXISTING, where="git@example.org:x.git", ssh_key="/nowhere")
    assert key.field == "ssh_key"


def test_a_branch_that_is_not_there_and_an_empty_repository_are_told(tmp_path: Path) -> None:
    there = existing(tmp_path).path
    assert wrong(tmp_path, kind=EXISTING, where=there, branch="other").field == "branch"
    assert "drafts, main" in wrong(tmp_path, kind=EXISTING, where=there, branch="other").remedy
    Repository(tmp_path / "empty.git").create()
    assert wrong(tmp_path, kind=EXISTING, where=str(tmp_path / "empty.git")).told.endswith("empty")


def test_a_disk_that_is_full_or_shut_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "FREE_BYTES", 1 << 62)
    assert "are the least" in checks.disk(tmp_path).told
    (tmp_path / "file").touch()
    assert "cannot be written to" in checks.disk(tmp_path / "file" / "below").told


def test_a_git_that_is_too_old_or_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks.git(tmp_path).is_well and "git version" in checks.git(tmp_path).told
    monkeypatch.setattr(checks, "GIT_LEAST", (99, 1))
    assert "99.1 or newer" in checks.git(tmp_path).remedy
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "does not start" in checks.git(tmp_path).told


def test_settings_keep_what_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    generate(path)
    before = path.read_text()
    write_settings(path, {"remote": "/a", "branch": "b"})
    assert path.read_text() == f'remote = "/a"\nbranch = "b"\n\n{before}'
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError, match="remote is set already"):
        write_settings(path, {"remote": "/b"})
    path.write_text("broken = [")
    with pytest.raises(SettingsError):
        write_settings(path, {"remote": "/a"})
    assert path.read_text() == "broken = [" and not list(tmp_path.glob(".*"))


def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    resuming.keep(tmp_path, Answers(where="/a", title="T"))
    assert resuming.kept(tmp_path) == Answers(where="/a", title="T")
    (tmp_path / resuming.NAME).write_text('{"kind": 3}')
    assert resuming.kept(tmp_path).where == str(tmp_path / "my-site")
    resuming.forget(tmp_path)
    resuming.forget(tmp_path)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "x"},
        {"sample": "x"},
        {"title": ""},
        {"title": "a\nb"},
        {"where": 3},
        {"where": "a\0b"},
        {"title": "t" * 201},
    ],
)
def test_answers_that_are_none_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        Answers.of_json(said)


@given(st.text(min_size=1, max_size=200).filter(lambda text: text.strip() and text.isprintable()))
def test_any_title_is_written_so_that_it_is_read_again(title: str) -> None:
    made = Answers.of_json({"title": title})
    files = first_files(made, "2026-01-01")
    assert read_toml(files["config.toml"].decode())["whispercms"] == {"title": made.title}


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_sample_leaves_a_stranger_in_a_role(sample: str) -> None:
    roles = first_files(Answers(sample=sample, owner="ada"), "2026-01-01").get(ROLES, b"")
    assert set(read_roles(roles.decode()).people()) <= {"ada"}
