"""Upgrades a site to the schema that this WhisperCMS reads: one commit on this node's own branch,
saved as any change is, to be published when the author has looked at it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.content.upgrade_messages import SiteUpgrades
from apps.content.upgrades import MIGRATIONS, Migration, UpgradeError, wanted
from apps.gitsync.clone.remote import target
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES, Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.reading import KEPT_BYTES
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.wording import CAUSE

UPGRADED: Final = "upgraded"
UNCHANGED: Final = "unchanged"
WOULD: Final = "would upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeReport:
    """`commit` holds the change; None where nothing was saved."""

    state: str
    before: int
    after: int
    paths: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    commit: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "schema": {"from": self.before, "to": self.after},
            "paths": list(self.paths),
            "steps": list(self.said),
            "commit": self.commit,
        }


def upgrade_site(
    source: SiteSource,
    author: Author,
    *,
    upgrades: SiteUpgrades,
    dry_run: bool = False,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> UpgradeReport:
    """Raises GitFault."""
    repository = Repository(source.repository)
    base = target(repository, source).commit
    try:
        found = upgrades.upgrade(_files(repository, base, migrations))
    except UpgradeError as error:
        raise GitFault("site.schema", str(error), "Then run manage.py upgradesite again") from error
    report = UpgradeReport(
        state=WOULD if found.changed else UNCHANGED,
        before=found.before,
        after=found.after,
        paths=tuple(sorted(found.changed)),
        said=found.said,
    )
    if dry_run or not found.changed:
        return report
    commit = save(
        source,
        found.changed,
        author=author,
        cause=f"Upgrade the site to schema {found.after}",
        trailers={CAUSE: "upgradesite"},
        base=Base(base),
    )
    return UpgradeReport(
        state=UPGRADED,
        before=report.before,
        after=report.after,
        paths=report.paths,
        said=report.said,
        commit=commit,
    )


def _files(
    repository: Repository, commit: str, migrations: Sequence[Migration]
) -> dict[str, bytes]:
    """What an upgrade has to see; larger files than the server itself reads are left alone."""
    items = {os.fsdecode(i.path): i.blob for i in repository.tree(commit) if i.mode in FILES}
    blobs = {path: blob for path, blob in items.items() if wanted(path, migrations)}
    sizes = repository.sizes(sorted(set(blobs.values())))
    fitting = sorted({blob for blob in blobs.values() if sizes[blob] <= KEPT_BYTES})
    contents = dict(repository.read(fitting))
    return {path: contents[blob] for path, blob in blobs.items() if blob in contents}
