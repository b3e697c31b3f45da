"""What a sync changes in the registry of extensions, told in the transaction that changes it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from apps.content.configuration import Configuration
from apps.content.index_writer import Facts
from apps.extensions.authority import basis
from apps.extensions.settling import settled
from apps.extensions.versions import APPLIED, NONE, Version, facts, version_of
from apps.gitsync.syncing.update import Run, Update, kept_after


def registry_facts(run: Run, update: Update) -> Facts:
    """Nothing is looked at where no file of an extension, their lists or policies changed, and the
    product has the same extensions as when the commit before was applied."""
    before = run.writer.kept()
    fresh = {entry.kept.source for entry in update.entries if entry.kept}
    pointer = run.writer.pointer()
    same = pointer is not None and pointer.basis == basis(run.site.bundled)
    untouched = not fresh and before.keys().isdisjoint(update.plan.touched)
    if same and untouched and not update.whole:
        return ()
    after = kept_after(run.writer, update.plan, update.entries, whole=update.whole)
    new = _version(update.configuration, after, run.site.bundled)
    old = NONE
    if pointer:
        files = {source: content for source, (_, content) in before.items()}
        old = _version(pointer.site_configuration(), files, run.site.bundled)
        # What the product had then is gone; only its digest is known.
        old = replace(old, digest=registry_digest(run) or old.digest)
    return facts(old, new, run.goal.commit)


def registry_digest(run: Run) -> str | None:
    """Of the version that was applied last."""
    found = run.writer.last_told(APPLIED).get("digest")
    return found if isinstance(found, str) else None


def _version(configuration: Configuration, kept: Mapping[str, bytes], bundled: Path) -> Version:
    return version_of(settled(configuration, kept, bundled, pinned=False))
