"""Two consoles and a server against one remote, whatever happens in between: at the end all three
serve the same, and no edit that was acknowledged is missing.
"""

import os
import random
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from apps.content.index import Index
from apps.gitsync.clone.continuity import CODE
from apps.gitsync.clone.tending import tend, with_whole_clone
from apps.gitsync.errors import GitFault
from apps.gitsync.merging.resolving import list_conflicts
from apps.gitsync.writing.deciding import decide
from apps.gitsync.writing.publication import CONFLICT, REFUSED, UNCHANGED, PublishReport
from apps.runtime.workers import Workers
from tests.gitsync.consoles import Console, Template
from tests.scribes import OWN
from tests.sites import SiteRepository

MAIN = "refs/heads/main"
PAGES = ("content/one.md", "content/two.md", "content/deep/three.md")
NOBODY = 65534
ROOM = (64, 600, 20_000, 200_000)
"""Bytes that a file may have on a disk that is full, sooner or later."""
HINDRANCES = (GitFault, OSError, sqlite3.Error)


@dataclass
class World:
    """`marks` are the words of the edits that were acknowledged."""

    folder: Path
    remote: SiteRepository
    consoles: tuple[Console, Console]
    server: Console
    dice: random.Random
    marks: list[str] = field(default_factory=list)
    count: int = 0

    def word(self) -> str:
        self.count += 1
        return f"mark{self.count:04}x"

    def console(self) -> Console:
        return self.dice.choice(self.consoles)

    def edit(self) -> None:
        """Of the newest, or of what the author looked at a while ago."""
        console, word = self.console(), self.word()
        if self._save(console, word):
            self.marks.append(word)

    def _save(self, console: Console, word: str) -> bool:
        at = console.at
        base = self.dice.choice([c for c in (at.own, at.theirs, at.followed) if c])
        path = self.dice.choice(PAGES)
        try:
            with_whole_clone(console.source, lambda: self._insert(console, base, path, word))
        except GitFault:
            return False
        return True

    def _insert(self, console: Console, base: str, path: str, word: str) -> None:
        there = {item.path.decode() for item in console.git.tree(base)}
        text = console.text_of(path, base) if path in there else "---\ntitle: Page\n---\nfirst\n"
        parts = text.split("\n\n")
        parts.insert(self.dice.randint(1, len(parts)), f"A paragraph that says {word}.")
        console.save(path, "\n\n".join(part.strip("\n") for part in parts) + "\n", base=base)

    def publish(self) -> None:
        self.published(self.console())

    def published(self, console: Console, *, restore: bool = False) -> PublishReport:
        report = with_whole_clone(console.source, partial(console.publish, restore=restore))
        if report.state == CONFLICT:
            keep_both(console)
        return report

    def sync(self) -> None:
        site = self.dice.choice((*self.consoles, self.server))
        try:
            with_whole_clone(site.source, site.sync)
        except GitFault as fault:
            assert fault.code in ("branch.unknown", "remote.empty"), fault

    def force_push(self) -> None:
        """Somebody moves the branch back, and goes on from there."""
        if not self.remote.git.resolve(MAIN):
            return
        chain = self.remote.git.run("rev-list", "--first-parent", "-5", MAIN).decode().split()
        self.remote.git.set(MAIN, self.dice.choice(chain))
        if self.dice.random() < 0.5:
            self.remote.commit({f"content/forced-{self.count}.md": f"# {self.word()}\n"})

    def delete_branch(self) -> None:
        if tip := self.remote.git.resolve(MAIN):
            self.remote.git.remove(MAIN, tip)

    def corrupt(self) -> None:
        """An object of somebody's clone that the remote has as well: what is nowhere else cannot be
        brought back by anybody."""
        if not self.remote.git.resolve(MAIN):
            return
        console = self.dice.choice((*self.consoles, self.server))
        names = self.remote.git.run("rev-list", "--objects", MAIN).decode().split("\n")
        loose = [console.git.path / "objects" / n[:2] / n[2:40] for n in names if n]
        there = sorted(path for path in loose if path.exists())
        if not there:
            return
        path = self.dice.choice(there)
        path.chmod(0o644)
        path.write_bytes(self.dice.choice([b"", b"garbage", path.read_bytes()[:-3]]))
        if console is not self.server and self.dice.random() < 0.5:
            self.published(console)
        tend(console.source, full=True)  # As every day, and before the remote loses it as well.

    def full_disk(self) -> None:
        room = self.dice.choice(ROOM)
        self._hindered(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))

    def read_only(self) -> None:
        """For another user; root could write all the same."""
        if os.getuid() == 0:
            self._hindered(lambda: os.setresuid(NOBODY, NOBODY, NOBODY))
            return
        folders = [path for path in self.folder.rglob("*") if path.is_dir()]
        for folder in folders:
            folder.chmod(0o555)
        try:
            self._hindered(lambda: None)
        finally:
            for folder in folders:
                folder.chmod(0o755)

    def _hindered(self, limit: Callable[[], None]) -> None:
        """An edit, a publication and a sync where something is in the way."""
        self._end(self._begun(self.console(), limit, writes=True))
        self._end(self._begun(self.server, limit, writes=False))

    def at_once(self) -> None:
        """Both consoles edit and publish, and the server syncs, at the same time."""
        begun = [self._begun(console, lambda: None, writes=True) for console in self.consoles]
        begun.append(self._begun(self.server, lambda: None, writes=False))
        for each in begun:
            self._end(each)

    def _begun(
        self, console: Console, limit: Callable[[], None], *, writes: bool
    ) -> tuple[int, str]:
        """(process, the word that it saves if it ends well)."""
        word, seed = self.word(), self.dice.random()
        child = os.fork()
        if child == 0:
            saved = False
            try:
                self.dice = random.Random(seed)
                own = console.with_workers(Workers(required=False))
                limit()
                with suppress(*HINDRANCES):
                    saved = writes and self._save(own, word)
                with suppress(*HINDRANCES):
                    own.publish() if writes else own.sync()
            finally:
                os._exit(0 if saved else 1)
        return child, word

    def _end(self, begun: tuple[int, str]) -> None:
        """What the child calls saved counts as such."""
        child, word = begun
        if os.waitpid(child, 0)[1] == 0:
            self.marks.append(word)

    def end(self) -> None:
        """Everybody publishes until nobody has anything left, as people do in the end."""
        for _ in range(10):
            states = {self.published(each, restore=True).state for each in self.consoles}
            if states == {UNCHANGED}:
                return
        raise AssertionError("they never came to an end")

    def check(self) -> None:
        tip = self.remote.git.resolve(MAIN)
        for site in (*self.consoles, self.server):
            report = with_whole_clone(site.source, site.sync)
            if report.state == REFUSED:
                assert [problem.code for problem in report.problems] == [CODE]
                site.sync(accept_rewritten=True)
        pointers = [Index(site.files).pointer() for site in (*self.consoles, self.server)]
        assert {pointer and pointer.commit_id for pointer in pointers} == {tip}
        assert len({pointer and pointer.digest for pointer in pointers}) == 1
        assert not [console for console in self.consoles if console.unpublished]
        files = self.remote.git.tree(MAIN)
        text = b"".join(content for _, content in self.remote.git.read([f.blob for f in files]))
        assert [mark for mark in self.marks if mark.encode() not in text] == []


def keep_both(console: Console) -> None:
    """What a person does who does not want to lose anything."""
    for conflict in list_conflicts(console.git):
        contents = {}
        for file in conflict.files:
            sides = [version.blob for version in file.versions[1:] if version]
            texts = [content.decode() for _, content in console.git.read(sides)]
            lines = dict.fromkeys(line for text in texts for line in text.split("\n\n"))
            contents[file.path] = "\n\n".join(lines).encode()
        decide(console.source, conflict, {}, contents, author=console.author, merges=OWN)


STEPS = {
    World.edit: 10,
    World.publish: 5,
    World.sync: 4,
    World.force_push: 1,
    World.delete_branch: 1,
    World.corrupt: 1,
    World.full_disk: 1,
    World.read_only: 1,
    World.at_once: 1,
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Others may look into it, as into any that is merely read-only."""
    made = Path(tempfile.mkdtemp(prefix="whispercms-consoles-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def world(template: Template, folder: Path, seed: int) -> World:
    remote, ada = template.copy(folder)
    bob, server = template.another("bob", folder), template.another("server", folder)
    return World(folder, remote, (ada, bob), server, random.Random(seed))


def test_both_write_one_page_while_the_branch_is_moved_back(
    template: Template, folder: Path
) -> None:
    made = world(template, folder, 1)
    made.edit()
    made.edit()
    for console in made.consoles:
        made.published(console)
    made.force_push()
    made.end()
    made.check()
    assert made.marks


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_nothing_is_lost(template: Template, folder: Path, seed: int) -> None:
    made = world(template, folder, seed)
    steps = [*STEPS, *made.dice.choices(list(STEPS), list(STEPS.values()), k=50)]
    made.dice.shuffle(steps)
    for step in steps:
        step(made)
    made.end()
    made.check()
    assert made.marks
