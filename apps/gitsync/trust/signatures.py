"""Judges new commits by the signers of the commit that is served, never by their own.

A commit that changes the signers is a step: what follows it is judged as if it had been pulled on
its own, so nobody has to wait for a pull before a new signer's first commit.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from apps.content.problems import Problem
from apps.gitsync.errors import GitFault
from apps.gitsync.git.output import CommitHead, commit_head
from apps.gitsync.git.repository import Repository
from apps.gitsync.trust.signers import (
    PATH,
    SIGNERS_BYTES,
    Signer,
    SignersError,
    parse,
    signer_of,
    usable,
    written,
)

COMMITS = 20_000
"""Between two syncs; about 7 ms of one core each, as Git starts ssh-keygen twice for it."""
STEPS = 100
BATCH = 64
SIDE_BY_SIDE = 8
TOLD = 10
COMMIT_BYTES = 64 * 1024
GOOD, UNKNOWN, BAD = "G", "U", "B"
NEVER = 2**62
VERIFIER = "ssh-keygen"
State = tuple[str, str]
"""Git's letter, and the signer as `written` has it."""
# Git asks no other program, so what it signs with decides nothing: only SSH signatures are judged.
CONFIGURATION = (
    *("-c", f"gpg.ssh.program={VERIFIER}", "-c", "gpg.ssh.revocationFile="),
    *("-c", "gpg.program=false", "-c", "gpg.openpgp.program=false", "-c", "gpg.x509.program=false"),
)


def judge(
    repository: Repository,
    new: str,
    *,
    last_good: str | None,
    first: Sequence[Signer],
    signed: dict[str, str] | None = None,
) -> list[Problem]:
    """Why `new` is refused; empty when every commit since `last_good` is signed by who may. Then
    `signed` is told the signer's name of each.

    Without a last good commit `new` itself is judged, by the `first` signers. They also stand in
    as long as the commit that is served has no file of signers.
    """
    if last_good is not None and repository.resolve(f"{last_good}^{{commit}}") is None:
        last_good = None
    if new == last_good:
        return []
    base, signers = last_good, _trusted(repository, last_good, first)
    steps = _steps(repository, last_good, new)
    if len(steps) > STEPS:
        return [_too_many(f"{PATH} changes more than {STEPS} times")]
    for step in dict.fromkeys((*steps, new)):
        commits = _between(repository, base, step)
        still = _still(repository, base, signers)
        if problems := verify(repository, commits, still, {} if signed is None else signed):
            return problems
        try:
            following = _following(repository, step, base, first)
        except SignersError as error:
            if step == new:
                return [Problem(PATH, error.line, "signature.signers", error.reason)]
            continue
        base, signers = step, following
    return []


def judge_alone(
    repository: Repository, commit: str, *, last_good: str | None, first: Sequence[Signer]
) -> list[Problem]:
    """Of a commit that is no state of the site, such as a release: nothing but its signature."""
    if last_good is not None and repository.resolve(f"{last_good}^{{commit}}") is None:
        last_good = None
    signers = _trusted(repository, last_good, first)
    return verify(repository, [commit], _still(repository, last_good, signers))


def verify(
    repository: Repository,
    commits: Sequence[str],
    signers: Sequence[Signer],
    signed: dict[str, str] | None = None,
) -> list[Problem]:
    """What is wrong with the signatures of `commits`; the first batch that is bad ends it. `signed`
    is told who signed each."""
    if not commits:
        return []
    if len(commits) > COMMITS:
        return [_too_many(f"more than {COMMITS} commits")]
    if not signers:
        reason = "signatures are required, but nobody may sign; set first_signer on this node"
        return [Problem(PATH, 0, "signature.nobody", reason)]
    if shutil.which(VERIFIER) is None:
        reason = f"there is no {VERIFIER} on this node; install the client of OpenSSH"
        return [Problem(PATH, 0, "signature.program", reason)]
    with tempfile.NamedTemporaryFile(prefix="whispercms-signers-") as file:
        file.write(written(signers))
        file.flush()
        for states in _in_turn(repository, commits, Path(file.name)):
            if bad := [commit for commit, (letter, _) in states.items() if letter != GOOD]:
                return [_refused(repository, each, states[each][0]) for each in bad[:TOLD]]
            if signed is not None:
                signed |= {commit: signer_of(who, signers) for commit, (_, who) in states.items()}
    return []


def letters(
    repository: Repository, commits: Sequence[str], *, served: str | None, first: Sequence[Signer]
) -> dict[str, str]:
    """commit → Git's letter, by those who may sign for `served`; empty without `ssh-keygen`."""
    if not commits or shutil.which(VERIFIER) is None:
        return {}
    with tempfile.NamedTemporaryFile(prefix="whispercms-signers-") as file:
        file.write(written(_trusted(repository, served, first)))
        file.flush()
        found = [*_in_turn(repository, commits, Path(file.name))]
    return {commit: letter for states in found for commit, (letter, _) in states.items()}


def _in_turn(
    repository: Repository, commits: Sequence[str], signers: Path
) -> Iterator[Mapping[str, State]]:
    """The states of each batch, worked out side by side; no more are begun than are asked for."""
    newest, *rest = _batches(commits)
    yield _states(repository, newest, signers)
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, os.cpu_count() or 1)) as pool:
        waiting = [pool.submit(_states, repository, batch, signers) for batch in rest]
        try:
            yield from (each.result() for each in waiting)
        finally:
            pool.shutdown(cancel_futures=True)


def _batches(commits: Sequence[str]) -> Iterator[Sequence[str]]:
    """The newest alone: whoever may not push has mostly not signed it, and the rest is spared."""
    yield commits[:1]
    for start in range(1, len(commits), BATCH):
        yield commits[start : start + BATCH]


def _states(repository: Repository, commits: Sequence[str], signers: Path) -> dict[str, State]:
    """commit → its state; only G is a good signature by one of the signers at its time. Git
    gives up at some that are no signature at all, and tells nothing of the others then."""
    try:
        output = repository.plumb(
            "log",
            "--no-walk=unsorted",
            "--no-show-signature",
            "--format=%H %G? %GS",
            "--stdin",
            stdin="".join(f"{commit}\n" for commit in commits).encode(),
            options=(*CONFIGURATION, "-c", f"gpg.ssh.allowedSignersFile={signers}"),
            extra={"TZ": "UTC"},
        )
    except GitFault:
        if len(commits) == 1:
            return dict.fromkeys(commits, (BAD, ""))
        return {c: _states(repository, [c], signers)[c] for c in commits}
    lines = (line.split(" ", 2) for line in output.decode().split("\n") if line)
    found = {commit: (letter, who) for commit, letter, who in lines}
    return {commit: found.get(commit, (BAD, "")) for commit in commits}


def _between(repository: Repository, base: str | None, new: str) -> list[str]:
    """Every commit of `new` that `base` lacks, on whatever parents; the newest first, and always
    there: a branch may have been moved back."""
    if base is None:
        return [new]
    query = ("rev-list", f"--max-count={COMMITS + 1}", new, f"^{base}")
    found = repository.plumb(*query).decode().split()
    return found or [new]


def _steps(repository: Repository, base: str | None, new: str) -> list[str]:
    if base is None:
        return []
    query = ("--first-parent", "--diff-merges=first-parent", "--format=%H", f"-{STEPS + 1}")
    found = repository.plumb("log", *query, f"{base}..{new}", "--", f":(literal,top){PATH}")
    return found.decode().split()[::-1]


def _trusted(
    repository: Repository, commit: str | None, first: Sequence[Signer]
) -> Sequence[Signer]:
    """A file that cannot be used, too, leaves it to the first signers: such a commit can only be
    served because signatures were not required then."""
    if commit is None:
        return first
    try:
        content = _file(repository, commit)
        return first if content is None else parse(content)
    except SignersError:
        return first


def _following(
    repository: Repository, step: str, base: str | None, first: Sequence[Signer]
) -> Sequence[Signer]:
    """Who judges what comes after `step`. Raises SignersError when nobody could any more."""
    content = _file(repository, step)
    if content is None:
        if base is None or all(item.path != PATH.encode() for item in repository.top(base)):
            return first
        raise SignersError(0, "the file of the signers is gone; keep it, and one signer at least")
    signers = parse(content)
    if not _still(repository, step, signers):
        raise SignersError(0, "there is no signer left who could sign the next commit; keep one")
    return signers


def _still(repository: Repository, base: str | None, signers: Sequence[Signer]) -> Sequence[Signer]:
    """Whoever had ended when the last good commit was made signs nothing after it, whatever date
    the commit claims."""
    if base is None or not any(each.before for each in signers):
        return signers
    said = repository.plumb("log", "--no-walk", "--format=%ct", base).decode().strip()
    return usable(signers, int(said) if said.isdigit() else NEVER)


def _file(repository: Repository, commit: str) -> bytes | None:
    """The file's bytes; None when the commit has none. Raises SignersError."""
    item = next((item for item in repository.top(commit) if item.path == PATH.encode()), None)
    if item is None:
        return None
    if not item.mode.startswith("100"):
        raise SignersError(0, "this is not a regular file; commit one")
    if (size := repository.sizes([item.blob])[item.blob]) > SIGNERS_BYTES:
        raise SignersError(0, f"{size} bytes; {SIGNERS_BYTES} are the most")
    return b"".join(content for _, content in repository.read([item.blob]))


def _refused(repository: Repository, commit: str, state: str) -> Problem:
    head = _head(repository, commit)
    if not head.signed:
        code, reason = "signature.missing", "is not signed"
    elif state == UNKNOWN:
        code, reason = "signature.unknown", "is signed by a key that may not sign, or not then"
    else:
        code, reason = "signature.bad", "has a signature that is no valid SSH signature of it"
    told = f"“{head.subject}” by {head.author} {reason}"
    return Problem(f"commit {commit[:12]}", 0, code, told)


def _head(repository: Repository, commit: str) -> CommitHead:
    try:
        if repository.sizes([commit])[commit] <= COMMIT_BYTES:
            return commit_head(b"".join(content for _, content in repository.read([commit])))
    except GitFault:
        pass
    return CommitHead("somebody", "…", signed=True)


def _too_many(what: str) -> Problem:
    reason = f"{what} at once; push them in parts, or start anew with first_signer"
    return Problem(PATH, 0, "signature.too-many", reason)
