"""Sites of a given number of real documents, each with a remote of its own."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import documents
from bench.documents import Text
from bench.report import BenchError
from bench.sites import Site

COMMITTER = b"committer Bench <bench@example.org> 1577836800 +0000\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A site with a remote of its own, and documents of it to edit, from all over it."""

    site: Site
    edited: tuple[str, ...]


def sized(folder: Path, count: int, edits: int) -> Sized:
    """A site of `count` documents whose remote lies in `folder`."""
    texts = documents.real_documents()
    remote = folder / f"sized-{count}.git"
    _make(remote, texts, count)
    paths = _spread(texts, count, edits)
    title = f"{count:,} documents of the real sites"
    return Sized(site=Site(title=title, remote=remote, page="", document=paths[0]), edited=paths)


def _make(remote: Path, texts: Sequence[Text], count: int) -> None:
    command = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)]
    subprocess.run(command, check=True)
    command = ["git", "-C", str(remote), "-c", "core.compression=1", "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        importing.stdin.writelines(_stream(texts, count))
    if importing.returncode:
        raise BenchError(f"git fast-import ended with {importing.returncode}")


def _stream(texts: Sequence[Text], count: int) -> Iterator[bytes]:
    """A commit of all; copies of one document follow each other, so that Git keeps what differs."""
    yield b"commit refs/heads/main\n" + COMMITTER + _data(b"Write the site")
    yield b"M 100644 inline config.toml\n" + _data(documents.CONFIGURATION)
    for path, content in documents.many(texts, count):
        yield b"M 100644 inline " + path.encode() + b"\n" + _data(content)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _spread(texts: Sequence[Text], count: int, edits: int) -> tuple[str, ...]:
    """Paths of pages, from the first set of copies to the last."""
    pages = [n for n, text in enumerate(texts) if n < count and not text.path.endswith("_index.md")]
    chosen = [pages[n * len(pages) // edits] for n in range(edits)]
    copies = [-(-(count - position) // len(texts)) for position in chosen]
    return tuple(
        documents.source(texts[position], n * there // edits)
        for n, (position, there) in enumerate(zip(chosen, copies, strict=True))
    )
