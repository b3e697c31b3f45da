"""Histories as whoever may push can make them, judged by those who may sign."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.problems import Problem
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED, REFUSED
from apps.gitsync.trust import signatures
from apps.gitsync.trust.signatures import judge
from apps.gitsync.trust.signers import parse
from tests.gitsync.repositories import LINK, START, At
from tests.gitsync.signed import Key, Signed, make_key
from tests.sites import CONFIG, Site

FILE = b"allowed_signers"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Key]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_key(folder, name) for name in ("ada", "bob", "eve")}


@pytest.fixture
def ada(keys: dict[str, Key]) -> Key:
    return keys["ada"]


@pytest.fixture
def bob(keys: dict[str, Key]) -> Key:
    return keys["bob"]


@pytest.fixture
def eve(keys: dict[str, Key]) -> Key:
    return keys["eve"]


class History(Signed):
    """A site whose first commit is served and lets ada sign."""

    def __init__(self, path: Path, ada: Key) -> None:
        super().__init__(path)
        self.first = ada
        self.key = ada
        self.good = self.commit({FILE: ada.line.encode()})

    def add(self, key: Key | None, signers: bytes | At | None = None, **more: str) -> str:
        """A commit on top; `signers` is the new file, None leaves ada alone in it."""
        self.key = key
        content = self.first.line.encode() if signers is None else signers
        return self.commit(
            {FILE: content, b"a": str(self._days).encode()}, date=more.get("date", "")
        )

    def judged(self, new: str | None = None, *, good: str | None = "good") -> list[Problem]:
        served = self.good if good == "good" else good
        first = parse(self.first.line.encode())
        return judge(Repository(self.path), new or self.tip(), last_good=served, first=first)

    def codes(self, new: str | None = None, *, good: str | None = "good") -> list[str]:
        return [problem.code for problem in self.judged(new, good=good)]


@pytest.fixture
def history(tmp_path: Path, ada: Key) -> Iterator[History]:
    yield History(tmp_path / "site.git", ada)


def test_what_a_signer_signed_is_taken(history: History, ada: Key) -> None:
    history.add(ada)
    history.add(ada)
    assert history.codes() == []


def test_one_unsigned_commit_among_signed_ones_is_named(history: History, ada: Key) -> None:
    unsigned = history.add(None)
    history.add(ada)
    (problem,) = history.judged()
    assert (problem.path, problem.code) == (f"commit {unsigned[:12]}", "signature.missing")
    assert problem.reason == "“Edit” by Ada <a@b.c> is not signed"


def test_a_strangers_signature_is_unknown(history: History, eve: Key) -> None:
    history.add(eve)
    assert history.codes() == ["signature.unknown"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n\nEdit", b"\n\nAudit"),
        pytest.param(b"SSH SIGNATURE", b"PGP SIGNATURE", marks=pytest.mark.long),
        (b"BEGIN SSH SIGNATURE", b"BEGIN NO SIGNATURE"),
        pytest.param(b"U1NIU0lH", b"AAAAAAAA", marks=pytest.mark.long),
        (b"gpgsig -----BEGIN SSH SIGNATURE-----\n", b"gpgsig "),
    ],
)
def test_a_signature_that_is_not_one_of_the_commit_is_bad(
    history: History, ada: Key, old: bytes, new: bytes
) -> None:
    assert history.codes(history.rewritten(history.add(ada), old, new)) == ["signature.bad"]


def test_every_parent_of_a_merge_counts(history: History, ada: Key) -> None:
    history.key = None
    side = history.commit({b"side": b"1"}, branch="side", parents=[history.good])
    history.key = ada
    files: dict[bytes, bytes | At] = {FILE: ada.line.encode()}
    history.commit(files, parents=[history.good, side])
    assert history.codes() == ["signature.missing"]


def test_nobody_lets_themselves_in(history: History, ada: Key, eve: Key) -> None:
    both = (ada.line + eve.line).encode()
    history.add(eve, both)
    history.add(eve, both)
    assert history.codes() == ["signature.unknown"]


def test_a_new_signer_need_not_wait_for_a_pull(history: History, ada: Key, bob: Key) -> None:
    both = (ada.line + bob.line).encode()
    history.add(ada, both)
    history.add(bob, both)
    history.add(bob, bob.line.encode())
    history.add(bob, bob.line.encode())
    assert history.codes() == []


def test_whoever_was_taken_out_signs_no_more(history: History, ada: Key, bob: Key) -> None:
    history.add(ada, bob.line.encode())
    history.add(ada, bob.line.encode())
    assert history.codes() == ["signature.unknown"]


def test_an_old_branch_of_one_who_was_taken_out_is_judged_by_what_is_served(
    history: History, ada: Key, bob: Key
) -> None:
    served = history.add(ada, bob.line.encode())
    history.key = ada
    history.commit({FILE: ada.line.encode()}, branch="old", parents=[history.good])
    assert history.codes(history.tip("old"), good=served) == ["signature.unknown"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"garbage\n", id="garbage"),
        pytest.param(At(LINK, b"/etc/passwd"), id="link"),
        pytest.param(b"# nobody\n", id="comments", marks=pytest.mark.long),
        pytest.param(b"\xff\n", id="not-utf8", marks=pytest.mark.long),
        pytest.param(b"# x\n" * 12_500_000, id="50-megabytes", marks=pytest.mark.long),
    ],
)
def test_signers_that_nobody_could_sign_after_are_refused(
    history: History, ada: Key, content: bytes | At
) -> None:
    history.add(ada, content)
    assert history.codes() == ["signature.signers"]


def test_the_file_cannot_go(history: History) -> None:
    history.commit({b"a": b"1"})
    (problem,) = history.judged()
    assert (problem.path, problem.code) == ("allowed_signers", "signature.signers")


def test_a_mended_file_is_taken_with_the_mistake_before_it(history: History, ada: Key) -> None:
    history.add(ada, b"garbage\n")
    history.add(ada)
    assert history.codes() == []


def test_a_first_commit_is_judged_by_the_nodes_own_setting(history: History, eve: Key) -> None:
    assert history.codes(good=None) == []
    history.add(eve, eve.line.encode())
    assert history.codes(good=None) == ["signature.unknown"]


@pytest.mark.long
def test_without_a_file_the_first_signer_goes_on(history: History, ada: Key, eve: Key) -> None:
    history.key = None
    bare = history.commit({b"a": b"1"}, parents=[])
    history.add(ada, ada.line.encode())
    assert history.codes(good=bare) == []
    history.add(eve)
    assert history.codes(good=bare) == ["signature.unknown"]


def test_with_no_signer_at_all_the_remedy_is_told(history: History) -> None:
    (problem,) = judge(Repository(history.path), history.good, last_good=None, first=())
    assert (problem.code, "first_signer" in problem.reason) == ("signature.nobody", True)


@pytest.mark.long
def test_times_are_those_of_the_commit(history: History, ada: Key, bob: Key) -> None:
    late = ada.line.encode() + bob.limited('valid-after="20200104",valid-before="20200105"')
    history.add(ada, late)
    history.add(bob, late)
    assert history.codes() == ["signature.unknown"]
    history.git("update-ref", "refs/heads/main", f"{history.tip()}^")
    history.add(bob, late)
    assert history.codes() == []
    history.add(bob, late, date=f"{START + 4 * 86_400 + 1} +0000")
    assert history.codes() == ["signature.unknown"]


def test_an_ended_key_cannot_date_back(history: History, ada: Key, bob: Key) -> None:
    ending = ada.line.encode() + bob.limited('valid-before="20200104"')
    history.add(ada, ending)
    history.add(bob, ending, date=f"{START} +0000")
    assert history.codes() == []
    served = history.add(ada, ending, date=f"{START + 9 * 86_400} +0000")
    history.add(bob, ending, date=f"{START} +0000")
    assert history.codes(good=served) == ["signature.unknown"]


def test_a_branch_that_was_moved_back_is_judged_too(history: History, ada: Key) -> None:
    unsigned = history.add(None)
    served = history.add(ada)
    assert history.codes(unsigned, good=served) == ["signature.missing"]


def test_what_a_stranger_wrote_is_told_in_one_printable_line(history: History) -> None:
    evil = history.rewritten(
        history.add(None), b"\n\nEdit", b"\n\n\x1b]0;x\x07\xff" + b"long " * 99
    )
    (problem,) = history.judged(history.rewritten(evil, b"author Ada", b"author \x1b[31mAda"))
    assert problem.reason.isprintable()
    assert len(problem.reason) < 200


def test_there_is_a_bound_to_what_is_judged_at_once(
    history: History, ada: Key, bob: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (ada.line + bob.line).encode()
    history.add(ada, both)
    history.add(ada)
    monkeypatch.setattr(signatures, "COMMITS", 1)
    monkeypatch.setattr(signatures, "STEPS", 2)
    assert history.codes() == []
    monkeypatch.setattr(signatures, "STEPS", 1)
    assert history.codes() == ["signature.too-many"]
    monkeypatch.setattr(signatures, "COMMITS", 0)
    assert history.codes(f"{history.tip()}^") == ["signature.too-many"]


def test_a_node_without_the_program_says_so(
    history: History, ada: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.add(ada)
    monkeypatch.setattr(signatures, "VERIFIER", "no-such-program")
    assert history.codes() == ["signature.program"]


def _required(tmp_path: Path, site: Site, ada: Key) -> tuple[Signed, dict[bytes, bytes | At]]:
    """A node that serves a signed commit; the next is not signed."""
    made = Signed(tmp_path / "remote.git")
    made.key = ada
    files: dict[bytes, bytes | At] = {
        FILE: ada.line.encode(),
        b"config.toml": CONFIG.encode(),
        b"content/one.md": b"# One\n\nsigned\n",
    }
    made.commit(files)
    first = parse(ada.line.encode())
    site.source = replace(site.source, require_signatures=True, first_signers=first)
    assert site.sync().state == APPLIED
    made.key = None
    return made, files


def test_a_sync_refuses_what_is_not_signed_and_serves_on(
    tmp_path: Path, site: Site, ada: Key
) -> None:
    made, files = _required(tmp_path, site, ada)
    unsigned = made.commit({**files, b"content/one.md": b"# One\n\nnot signed\n"})
    report = site.sync()
    assert (report.state, report.problems[0].code) == (REFUSED, "signature.missing")
    assert unsigned[:12] in report.reason()
    assert "not signed" not in site.text("/one/")


@pytest.mark.long
def test_a_lost_index_is_no_way_around_signatures(tmp_path: Path, site: Site, ada: Key) -> None:
    made, files = _required(tmp_path, site, ada)
    made.commit({**files, b"content/one.md": b"# One\n\nnot signed\n"})
    for path in (None, *site.files.index.parent.glob("index.sqlite3*")):
        if path:
            path.unlink()
        report = site.sync(rebuild=True)
        assert (report.state, report.problems[0].code) == (REFUSED, "signature.missing")
        assert "not signed" not in site.text("/one/")
