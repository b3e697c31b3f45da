"""One whole version is active at any time, whatever is applied, fails, or is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from apps.content.configuration import read_configuration
from apps.extensions.applying import VERSIONS_KEPT, Active, Moved
from apps.extensions.settling import ExtensionsUnusable, settled
from apps.extensions.versions import Version, version_of
from tests.delivery.extending import config, plugin
from tests.sites import ROOT

NAMES = ("one", "two", "three")
Kept = Mapping[str, bytes]


@dataclass(frozen=True)
class Applied:
    commit: int
    version: Version


class Refused(Exception):
    pass


class Follower:
    """A listener that has something of its own to keep in step."""

    def __init__(self, at: Version) -> None:
        self.at, self.fails, self.steps = at, False, 0

    def prepare(self, new: Applied, old: Applied) -> None:
        assert self.at == old.version
        if self.fails:
            raise Refused
        self.at, self.steps = new.version, self.steps + 1

    def undo(self, new: Applied, old: Applied) -> None:
        assert self.at == new.version
        self.at, self.steps = old.version, self.steps - 1


class Forgetful(Follower):
    """One whose way back is broken keeps the others from nothing."""

    def undo(self, new: Applied, old: Applied) -> None:
        super().undo(new, old)
        raise Refused


def site(chosen: tuple[str, ...], bodies: Mapping[str, str], *, broken: bool) -> Kept:
    text = config(*chosen, *(["nosuch"] if broken else []))
    files: dict[str, str | bytes | None] = {"config.toml": text}
    for name in NAMES:
        files |= plugin(name, bodies[name])
    return {path: each.encode() for path, each in files.items() if isinstance(each, str)}


def version(kept: Kept) -> Version:
    """From nothing but the commit."""
    configuration = read_configuration(kept["config.toml"].decode(), frozenset({"content"}))
    found = settled(configuration, kept, ROOT, pinned=False)
    if found.problems:
        raise ExtensionsUnusable(found.problems)
    return version_of(found)


class Registries(RuleBasedStateMachine):
    @initialize()
    def first(self) -> None:
        self.commits = [site((), dict.fromkeys(NAMES, ""), broken=False)]
        first = Applied(0, version(self.commits[0]))
        self.followers = [Follower(first.version), Forgetful(first.version)]
        self.followers.append(Follower(first.version))
        self.active = Active(first, lambda each: each.version.digest, self.followers)
        self.told, self.stale = [first], first

    @rule(
        chosen=st.permutations(NAMES).flatmap(lambda n: st.integers(0, 3).map(lambda i: n[:i])),
        bodies=st.fixed_dictionaries({n: st.sampled_from(["", "return", "--"]) for n in NAMES}),
        broken=st.booleans(),
    )
    def commit(self, chosen: tuple[str, ...], bodies: dict[str, str], broken: bool) -> None:
        self.commits.append(site(tuple(chosen), bodies, broken=broken))

    @rule(which=st.integers(0, 1000), failing=st.sampled_from([None, 0, 1, 2]))
    def apply(self, which: int, failing: int | None) -> None:
        """The newest, or any that was before: going back is a step like any other."""
        number = max(len(self.commits) - 1 - which % 4, 0)
        before, expected = self.active.current, len(self.told)
        try:
            new = Applied(number, version(self.commits[number]))
        except ExtensionsUnusable:
            return
        for position, follower in enumerate(self.followers):
            follower.fails = position == failing
        if failing is not None:
            with pytest.raises(Refused):
                self.active.apply(new, expected=before)
            assert self.active.current is before and len(self.told) == expected
            return
        assert self.active.apply(new, expected=before) is before
        self.told.append(new)
        self.stale = before

    @rule()
    def come_too_late(self) -> None:
        if self.stale is self.active.current:
            return
        with pytest.raises(Moved):
            self.active.apply(self.told[0], expected=self.stale)

    @invariant()
    def one_whole_version_is_active(self) -> None:
        now = self.active.current
        assert {id(now.version)} == {id(f.at) for f in self.followers}
        assert version(self.commits[now.commit]) == now.version

    @invariant()
    def every_step_is_one_transition_and_is_recorded(self) -> None:
        assert {f.steps for f in self.followers} == {len(self.told) - 1}
        kept = [each.version.digest for each in self.told][-VERSIONS_KEPT:]
        assert list(self.active.history) == kept


Registries.TestCase.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
test_one_whole_version_is_active_at_any_time = Registries.TestCase


@pytest.mark.long
def test_it_is_so_over_many_thousand_steps() -> None:
    many = settings(max_examples=150, stateful_step_count=40, deadline=None)
    run_state_machine_as_test(Registries, settings=many)
