"""Takes back what this node changed in one file and nobody else has seen: a new commit in which the
file is as it was before."""

from apps.content.merging.messages import FileMerges
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.policies import Prove
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.outgoing import ChangedFile, Outgoing, outgoing
from apps.gitsync.writing.saving import Base, save
from apps.gitsync.writing.wording import CAUSE, shown


def before(source: SiteSource, path: str) -> tuple[Outgoing, bytes | None]:
    """What there is to take back from, and the file as it is to be again: None where there was
    none. Raises GitFault for a file that this node did not change."""
    check_path(path)
    found = outgoing(source)
    file = next((each for each in found.files if each.path == path), None)
    if file is None:
        reason = f"{path!r} has no change that is not published"
        raise GitFault("path.unknown", reason, "Look at what will go out")
    return found, _content(source, file)


def take_back(
    source: SiteSource,
    path: str,
    *,
    base: str,
    author: Author,
    merges: FileMerges,
    prove: Prove | None = None,
) -> str:
    """The commit. `base` is what the person saw, who merges what came since. Raises GitFault; then
    nothing has changed."""
    _, content = before(source, path)
    return save(
        source,
        {path: content},
        author=author,
        cause=f"Take back {shown(path)}",
        trailers={CAUSE: "take-back"},
        base=Base(base, merges, prove),
    )


def _content(source: SiteSource, file: ChangedFile) -> bytes | None:
    if file.old is None:
        return None
    repository = Repository(source.repository)
    if (size := repository.sizes([file.old])[file.old]) > source.asset_bytes:
        reason = f"{file.path} has {size} bytes; {source.asset_bytes} are the most"
        raise GitFault("commit.size", reason, "Raise asset_megabytes")
    return b"".join(content for _, content in repository.read([file.old]))
