"""The site that is measured: the rust blog where it is at hand, else a generated one.

Remotes are bare repositories in a folder of the run, so commits can be made in them.
"""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT.parent / "shared" / "corpora" / "rust-blog.bundle"
DOCUMENTS = 750
COMMITTER = "committer Bench <bench@example.org> 1577836800 +0000"
PROSE = (
    "A site is a repository, and the server is only one reader of it among many. What is written"
    " is committed, what is committed is synced, and what is synced is served.\n\n"
    "- It can be **read** without the server.\n- It can be [moved](../document-0/) in one piece.\n"
    "- It remembers `who` wrote what, and when.\n\n"
    "```\ngit clone site.git\n```\n\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A remote, and what of it is asked for. `document` is the source that `edit` changes."""

    title: str
    remote: Path
    page: str
    document: str


def rust_blog(folder: Path) -> Site | None:
    """754 documents in 3,463 commits, `page` the one of median length; None where it is missing."""
    if not BUNDLE.is_file():
        return None
    remote = folder / "rust-blog.git"
    if not remote.exists():
        subprocess.run(["git", "clone", "--quiet", "--bare", str(BUNDLE), str(remote)], check=True)
    return Site(
        title="the rust blog",
        remote=remote,
        page="/2024/02/08/Rust-1.76.0/",
        document="content/Rust-1.76.0.md",
    )


def generated(folder: Path, documents: int = DOCUMENTS) -> Site:
    """A site of so many documents, the same on every machine."""
    remote = folder / f"generated-{documents}.git"
    if not remote.exists():
        _git(remote.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
        _import(remote, _commit(generated_files(documents), "Write the site"))
    return Site(
        title=f"a generated site of {documents} documents",
        remote=remote,
        page=f"/posts/document-{documents // 2}/",
        document=f"content/posts/document-{documents // 2}.md",
    )


def empty(folder: Path, name: str, files: Mapping[str, str]) -> Site:
    """A site of these files alone, to be edited."""
    remote = folder / f"{name}.git"
    _git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    _import(remote, _commit(iter(files.items()), "Begin"))
    return Site(title=name, remote=remote, page="/", document="")


def copy(site: Site, folder: Path, name: str = "edited") -> Site:
    """The same site with a remote of its own, to be edited."""
    remote = folder / f"{name}.git"
    _git(folder, "clone", "--quiet", "--bare", str(site.remote), str(remote))
    return Site(title=site.title, remote=remote, page=site.page, document=site.document)


def edit(site: Site, number: int) -> None:
    """Commits a change of one document to the default branch."""
    commit(site, {site.document: f"{read(site, site.document)}\nEdited {number} times.\n"})


def read(site: Site, path: str) -> str:
    """A file at the tip of the default branch."""
    return _git(site.remote, "show", f"HEAD:{path}").decode()


def commit(site: Site, files: Mapping[str, str]) -> None:
    """Writes files on the default branch."""
    branch = _git(site.remote, "symbolic-ref", "HEAD").decode().strip()
    _import(site.remote, _commit(iter(files.items()), "Edit", branch=branch, follows=True))


def generated_files(documents: int) -> Iterator[tuple[str, str]]:
    """(path, text) of a configuration and so many documents."""
    yield "config.toml", '[whispercms]\ntitle = "A generated site"\n'
    for number in range(documents):
        date = f"{2000 + number % 25}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        tags = f'["tag-{number % 7}", "tag-{number % 31}"]'
        front = f'+++\ntitle = "Document {number}"\ndate = {date}\ntags = {tags}\n+++\n\n'
        body = f"## Part {number}\n\n{PROSE}" * (number % 20 + 1)
        yield f"content/posts/document-{number}.md", front + body


def _commit(
    files: Iterator[tuple[str, str]],
    message: str,
    *,
    branch: str = "refs/heads/main",
    follows: bool = False,
) -> Iterator[bytes]:
    """The form that `git fast-import` reads."""
    yield f"commit {branch}\n{COMMITTER}\n".encode()
    yield _data(message)
    if follows:
        yield f"from {branch}^0\n".encode()
    for path, text in files:
        yield f"M 100644 inline {path}\n".encode() + _data(text)


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def _import(remote: Path, stream: Iterator[bytes]) -> None:
    command = ["git", "-C", str(remote), "fast-import", "--quiet"]
    subprocess.run(command, input=b"".join(stream), check=True, capture_output=True)


def _git(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)
    return done.stdout
