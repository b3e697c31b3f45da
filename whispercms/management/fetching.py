"""An extension from where its author keeps it: a folder, or a Git repository at a commit."""

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.extensions.finding import ExtensionFiles
from apps.extensions.limits import EXTENSION_BYTES
from apps.extensions.owning.planning import Origin
from apps.extensions.workshop.folders import read_folder
from apps.gitsync.clone.visiting import is_remote, visited, without_password
from apps.policy.entities import Extension
from whispercms.management.verb import EXIT_REFUSED, Options, VerbEnd


@dataclass(frozen=True, slots=True)
class Obtained:
    """`origin` is None for a folder: its path means nothing on another machine."""

    files: ExtensionFiles
    origin: Origin

    @property
    def resource(self) -> Extension:
        return Extension(self.files.kind, self.files.id, bundled=False)


def add_source_arguments(parser: ArgumentParser) -> None:
    said = "of a Git repository: a commit, a branch or a tag; else what its HEAD is"
    parser.add_argument("--commit", help=said)
    said = "of a Git repository: the folder that the extension is in"
    parser.add_argument("--folder", default="", help=said)
    said = "refuse it if its files have another digest than this, sha256:…"
    parser.add_argument("--digest", help=said)


def guessed(source: str) -> Extension:
    """What policy is asked about before anything is read or fetched."""
    name = Path(source.rstrip("/")).name.removesuffix(".git")
    kind = "theme" if (Path(source) / "theme.toml").is_file() else "plugin"
    return Extension(kind, name, bundled=False)


def obtained(source: str, options: Options) -> Obtained:
    """Raises VerbEnd, NoExtension and GitFault."""
    if _is_git(source, options):
        found = _from_git(source, options)
    else:
        found = Obtained(files_in(Path(source)), None)
    wanted, digest = options["digest"], found.files.digest()
    if wanted is not None and wanted != digest:
        reason = f"its files have the digest {digest}, not {wanted}; nothing has changed"
        raise VerbEnd(EXIT_REFUSED, "digest", reason)
    return found


def _is_git(source: str, options: Options) -> bool:
    return is_remote(source) or bool(options["commit"] or options["folder"])


def _from_git(source: str, options: Options) -> Obtained:
    remote = source if is_remote(source) else str(Path(source).absolute())
    access = settings.SITE_SOURCE.access
    files, commit, problems = visited(remote, options["commit"], options["folder"], access)
    if problems:
        raise VerbEnd(EXIT_REFUSED, "defects", "\n".join(map(str, problems)))
    origin = (without_password(remote), commit) if is_remote(source) else None
    return Obtained(files, origin)


def files_in(folder: Path) -> ExtensionFiles:
    """Raises NoExtension, and VerbEnd for what no commit would hold."""
    files, problems = read_folder(folder)
    if problems:
        raise VerbEnd(EXIT_REFUSED, "defects", "\n".join(map(str, problems)))
    if sum(map(len, files.files.values())) > EXTENSION_BYTES:
        reason = f"its files have over {EXTENSION_BYTES} bytes together"
        raise VerbEnd(EXIT_REFUSED, "too-large", reason)
    return files
