"""Whether the files of an export are those that its list names."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.delivery.exporting import landing
from apps.delivery.exporting.bounds import MANIFEST, TOLD
from apps.delivery.exporting.folder import FolderFault, opened, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Paths, in their order."""

    commit: str
    files: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.changed)

    def as_json(self) -> dict[str, Any]:
        found = {"missing": list(self.missing), "changed": list(self.changed)}
        foreign = list(self.foreign[:TOLD])
        return {"commit": self.commit, "files": self.files, **found, "foreign": foreign}


def verify(place: Path) -> Verified:
    """Reads all of them. Raises FolderFault and OSError."""
    with opened(place, make=False) as folder:
        manifest = landing.read(folder, MANIFEST) if folder else None
        if folder is None or manifest is None or not manifest.commit:
            remedy = "run manage.py exportsite with this folder first"
            raise FolderFault(str(place), f"has no {MANIFEST}", remedy)
        found = {each.path: folder.digest(each.path) for each in manifest.files}
        return Verified(
            commit=manifest.commit,
            files=len(found),
            missing=tuple(path for path in sorted(found) if found[path] is None),
            changed=tuple(
                each.path
                for each in manifest.files
                if found[each.path] not in (None, (each.sha256, each.bytes))
            ),
            foreign=tuple(map(shown, folder.others(manifest.paths))),
        )
