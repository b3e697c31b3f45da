"""The bundled demo site as a repository, so that a first start has something to serve."""

from pathlib import Path

from apps.gitsync.git.commits import Author, commit_files
from apps.gitsync.git.repository import Repository

AUTHOR = Author("WhisperCMS", "demo@whispercms.invalid", "1767225600 +0000")
REF = "refs/heads/main"


def demo_repository(folder: Path, state: Path) -> str:
    """Brings the demo's repository below `state` up to the files in `folder`; returns its path.

    The same files make the same commit on every machine. Who has published to it has made it their
    own, and then it is left alone.
    """
    repository = Repository(state / "demo.git")
    if not repository.exists():
        repository.create()
    if _is_somebodys(repository):
        return str(repository.path)
    names = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    present = {
        name.as_posix(): (folder / name).read_bytes()
        for name in names
        if not any(part.startswith(".") for part in name.parts)
    }
    gone: dict[str, bytes | None] = {}
    if parent := repository.resolve(REF):
        gone = {item.path.decode(): None for item in repository.tree(parent)}
    message = "Write the demo site\n"
    commit_files(repository, REF, {**gone, **present}, message=message, author=AUTHOR)
    return str(repository.path)


def _is_somebodys(repository: Repository) -> bool:
    if (tip := repository.resolve(REF)) is None:
        return False
    return repository.plumb("log", "-1", "--format=%ce", tip).decode().strip() != AUTHOR.email
