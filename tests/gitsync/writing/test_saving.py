"""A save is a commit on this node's own branch, or it is an error and nothing has changed."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.writing.saving import save
from tests.gitsync.consoles import ONE, Console

ADA = Author("Ada", "ada@example.org", "1700000000 +0000")


def test_a_save_is_one_commit_on_the_own_branch_and_served(ada: Console) -> None:
    before = ada.at.theirs
    commit = ada.save("content/one.md", ONE.replace("first", "changed"))
    assert ada.at.own == commit
    assert ada.git.run("rev-list", "--parents", "-n1", commit).decode().split()[1:] == [before]
    assert ada.unpublished == 1
    ada.sync(fetching=False)
    assert "changed" in ada.text("/one/")


def test_a_commit_names_author_cause_and_where_it_comes_from(ada: Console) -> None:
    digest = f"sha256:{'a' * 64}"
    commit = save(
        ada.source,
        {"content/one.md": b"x"},
        author=ADA,
        cause="Say x\n\nBecause of y.",
        trailers={"Plugin": "reading-time 1.0.0", "Digest": digest, "Cause": "console"},
    )
    said = ada.git.run("log", "-1", "--format=%an <%ae>%n%cn%n%B", commit).decode()
    assert said.strip() == (
        "Ada <ada@example.org>\nAda\nSay x\n\nBecause of y.\n\n"
        f"Cause: console\nPlugin: reading-time 1.0.0\nDigest: {digest}"
    )


def test_what_changes_nothing_makes_no_commit(ada: Console) -> None:
    assert ada.save("content/one.md", ONE) == ada.at.theirs
    assert ada.save("content/none.md", None) == ada.at.theirs
    assert ada.at.own is None


def test_an_author_that_is_none_is_refused(ada: Console) -> None:
    for who in (replace(ADA, name="x\nDigest: sha256:0"), replace(ADA, email="a>b")):
        with pytest.raises(GitFault) as caught:
            save(ada.source, {"a": b"1"}, author=who, cause="x", trailers={"Cause": "test"})
        assert caught.value.code == "commit.author"


def test_a_name_that_git_would_not_check_out_is_refused(ada: Console) -> None:
    for path in (".git/config", "a/git~1/x"):
        with pytest.raises(GitFault) as caught:
            ada.save(path, "x")
        assert caught.value.code == "path.form"
    assert ada.at.own is None


def test_files_and_folders_come_and_go(ada: Console) -> None:
    ada.save("content/deep/er/two.md", "2")
    commit = ada.save("content/one.md", None)
    assert {item.path for item in ada.git.tree(commit)} == {
        b"config.toml",
        b"content/deep/er/two.md",
    }


@pytest.mark.long
def test_a_file_never_takes_the_place_of_others(ada: Console) -> None:
    for path in ("content", "content/one.md/two.md"):
        with pytest.raises(GitFault) as caught:
            ada.save(path, "x")
        assert caught.value.code == "path.form"
    assert ada.at.own is None


def test_a_body_that_looks_like_trailers_is_none(ada: Console) -> None:
    commit = save(
        ada.source,
        {"a": b"1"},
        author=ADA,
        cause="x\n\nPlugin: evil 1",
        trailers={"Cause": "test"},
    )
    told = ada.git.run("log", "-1", "--format=%(trailers:only)", commit).decode().strip()
    assert told == "Cause: test"


def test_what_others_changed_since_the_author_looked_stays(ada: Console) -> None:
    base = ada.at.theirs
    ada.save("content/two.md", "# Two\n")
    ada.save("content/one.md", ONE.replace("first", "1st"))
    commit = ada.save("content/one.md", ONE.replace("third", "3rd"), base=base)
    said = ada.text_of("content/one.md", commit)
    assert "1st" in said and "3rd" in said
    assert ada.text_of("content/two.md", commit) == "# Two\n"
    parents = ada.git.run("rev-list", "--parents", "-n1", commit).decode().split()[1:]
    assert len(parents) == 1


@pytest.mark.long
def test_what_a_person_has_to_decide_is_not_saved(ada: Console) -> None:
    base = ada.at.theirs
    first = ada.save("content/one.md", ONE.replace("first", "mine"))
    with pytest.raises(GitFault) as caught:
        ada.save("content/one.md", ONE.replace("first", "yours"), base=base)
    assert caught.value.code == "merge.conflict"
    assert "content/one.md" in caught.value.reason
    assert ada.at.own == first


@pytest.mark.long
def test_saves_at_the_same_time_are_all_there(ada: Console) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: ada.save(f"content/{n}.md", f"# {n}\n"), range(4)))
    tip = ada.at.own or ""
    assert {f"content/{n}.md".encode() for n in range(4)} <= {
        item.path for item in ada.git.tree(tip)
    }
    assert ada.unpublished == 4


def test_a_commit_is_signed_by_the_node_s_key(ada: Console, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    ada.source = replace(ada.source, signing=SigningKey(key))
    commit = ada.save("content/one.md", "x")
    signers = tmp_path / "allowed_signers"
    signers.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    verify = ["git", "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", commit]
    done = subprocess.run(verify, cwd=ada.git.path, capture_output=True, text=True, check=True)
    assert 'Good "git" signature for ada@example.org' in done.stderr


def test_without_a_usable_key_nothing_is_saved(ada: Console, tmp_path: Path) -> None:
    ada.source = replace(ada.source, signing=SigningKey(tmp_path / "none"))
    with pytest.raises(GitFault) as caught:
        ada.save("content/one.md", "x")
    assert caught.value.code == "signing.key"
    assert ada.at.own is None
