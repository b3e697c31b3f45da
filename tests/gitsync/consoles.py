"""A node that writes: saves, publishes and serves, as a console will."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from apps.content.merging.messages import FileMerges
from apps.content.rendering import Renderer
from apps.gitsync.clone.standing import Standing, read_standing, unpublished
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.update import LocalSite
from apps.gitsync.writing.publication import PublishReport
from apps.gitsync.writing.publishing import publish
from apps.gitsync.writing.saving import Base, save
from apps.runtime.workers import Workers
from tests.scribes import OWN
from tests.sites import CONFIG, Site, SiteRepository

START = 1_700_000_000
ONE = "---\ntitle: One\n---\nfirst\n\nsecond\n\nthird\n"


class Console(Site):
    """Its author is called as it is; every commit is a minute after the one before."""

    def __init__(
        self, name: str, remote: SiteRepository, folder: Path, workers: Workers, renderer: Renderer
    ) -> None:
        super().__init__(remote, folder / name, workers, renderer)
        self._name, self._minutes, self._folder = name, 0, folder
        self._remote = remote
        self.scribe: FileMerges = OWN

    @property
    def local(self) -> LocalSite:
        return replace(super().local, merges=self.scribe)

    def with_workers(self, workers: Workers) -> "Console":
        """The same node, in another process."""
        return Console(self._name, self._remote, self._folder, workers, Renderer(workers))

    @property
    def author(self) -> Author:
        self._minutes += 1
        return Author(
            self._name, f"{self._name}@example.org", f"{START + 60 * self._minutes} +0000"
        )

    def save(self, path: str, text: str | None, *, base: str | None = None) -> str:
        return save(
            self.source,
            {path: None if text is None else text.encode()},
            author=self.author,
            cause=f"Edit {path}",
            trailers={"Cause": "test"},
            base=Base(base, self.scribe) if base else None,
        )

    def rename(self, old: str, new: str) -> str:
        content = self.text_of(old, self.at.own or "").encode()
        changes = {old: None, new: content}
        words = {"cause": f"Rename {old}", "trailers": {"Cause": "test"}}
        return save(self.source, changes, author=self.author, **words)  # type: ignore[arg-type]

    def publish(self, *, dry_run: bool = False, restore: bool = False) -> PublishReport:
        return publish(self.local, author=self.author, dry_run=dry_run, restore=restore)

    @property
    def git(self) -> Repository:
        return Repository(self.source.repository)

    def text_of(self, path: str, commit: str) -> str:
        ((_, content),) = self.git.read([f"{commit}:{path}"])
        return content.decode()

    @property
    def at(self) -> Standing:
        return read_standing(self.git, "main")

    @property
    def unpublished(self) -> int:
        return unpublished(self.git, "main")


@dataclass(frozen=True, slots=True)
class Template:
    """A remote with one page and a console that has synced it, to be copied: that costs a tenth of
    making it."""

    folder: Path
    workers: Workers
    renderer: Renderer

    def make(self) -> None:
        remote = SiteRepository(self.folder / "remote.git")
        remote.commit({"config.toml": CONFIG, "content/one.md": ONE})
        console = Console("ada", remote, self.folder, self.workers, self.renderer)
        console.sync()

    def copy(self, folder: Path) -> tuple[SiteRepository, Console]:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        remote = SiteRepository(folder / "remote.git")
        return remote, Console("ada", remote, folder, self.workers, self.renderer)

    def another(self, name: str, folder: Path) -> Console:
        """A second console of the remote in `folder`."""
        shutil.copytree(self.folder / "ada", folder / name)
        remote = SiteRepository(folder / "remote.git")
        return Console(name, remote, folder, self.workers, self.renderer)
