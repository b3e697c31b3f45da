"""Nothing that touches policies is saved unproven."""

from functools import partial

import pytest

from apps.extensions.authority import policy_problems
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.trust.policies import Prove, policies_at
from apps.gitsync.writing.saving import Base, save
from apps.policy.limits import POLICY_FILES
from apps.runtime.workers import Workers
from tests.gitsync.consoles import Console

GOOD = b'@id("a") permit (principal is Person, action, resource);\n'
BAD = b"permit (principal, action\n"
PATH = "policies/a.cedar"


def saved(ada: Console, files: dict[str, bytes | None], prove: Prove | None) -> str:
    return save(
        ada.source,
        files,
        author=ada.author,
        cause="Change the policies",
        trailers={"Cause": "test"},
        base=Base(tip(ada), None, prove),
    )


def tip(ada: Console) -> str:
    found = ada.at.own or ada.at.theirs
    assert found
    return found


def test_sound_policies_are_saved(ada: Console, workers: Workers) -> None:
    commit = saved(ada, {PATH: GOOD}, partial(policy_problems, workers=workers))
    assert policies_at(Repository(ada.source.repository), commit) == {PATH: GOOD}


def test_what_could_never_hold_is_not_saved(ada: Console, workers: Workers) -> None:
    prove = partial(policy_problems, workers=workers)
    before = tip(ada)
    for files in ({PATH: BAD}, {PATH: GOOD, "policies/roles.toml": b"[roles"}):
        with pytest.raises(GitFault) as caught:
            saved(ada, dict(files), prove)
        assert caught.value.code == "policy.refused"
    many = {f"policies/{n}.cedar": b"" for n in range(POLICY_FILES + 1)}
    with pytest.raises(GitFault) as caught:
        saved(ada, dict(many), prove)
    assert (caught.value.code, tip(ada)) == ("policy.place", before)


def test_without_somebody_to_prove_them_policies_stay_as_they_are(ada: Console) -> None:
    for files in ({PATH: GOOD}, {PATH: None, "content/a.md": b"# A\n"}):
        with pytest.raises(GitFault) as caught:
            saved(ada, dict(files), None)
        assert caught.value.code == "policy.refused"
