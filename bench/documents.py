"""The documents of the real sites, and a site of any number of them, each under a name of its own.

They are copied as they are; only a permalink is given a number, as no two may have the same.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bench.sites import ROOT, generated_files

CORPORA = ROOT.parent / "shared" / "corpora"
BUNDLES = ("rust-blog.bundle", "til.bundle")
PERMALINK = re.compile(rb'^(path = "[^"]*)"', re.M)
CONFIGURATION = b'base_url = "https://example.org"\ntitle = "Many documents"\n'
GENERATED = 750


@dataclass(frozen=True, slots=True)
class Text:
    """A document as its author wrote it, by its path below a folder."""

    path: str
    content: bytes


def real_documents() -> list[Text]:
    """All of both sites, by path; generated ones where the sites are not at hand."""
    found = [
        Text(f"{name.removesuffix('.bundle')}/{path.removeprefix('content/')}", content)
        for name in BUNDLES
        if (CORPORA / name).is_file()
        for path, content in _documents(CORPORA / name)
    ]
    if found:
        return sorted(found, key=lambda text: text.path)
    files = dict(generated_files(GENERATED))
    return [Text(path.removeprefix("content/"), text.encode()) for path, text in files.items()]


def many(texts: Sequence[Text], count: int) -> Iterator[tuple[str, bytes]]:
    """So many (path, bytes), the copies of one document in a row; each set of copies has a folder
    of its own."""
    for position, text in enumerate(texts):
        for copy in range(-(-(count - position) // len(texts))):
            yield source(text, copy), numbered(text.content, copy)


def source(text: Text, copy: int) -> str:
    return f"content/set-{copy}/{text.path}"


def numbered(content: bytes, copy: int) -> bytes:
    return PERMALINK.sub(rb'\1-%d"' % copy, content, count=1)


def _documents(bundle: Path) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "site.git"
        _git("clone", "--quiet", "--bare", str(bundle), str(repository))
        listed = _git("-C", str(repository), "ls-tree", "-r", "-z", "--name-only", "HEAD")
        names = [name for name in listed.decode().split("\0") if name.endswith(".md")]
        asked = "".join(f"HEAD:{name}\n" for name in names).encode()
        stream = BytesIO(_git("-C", str(repository), "cat-file", "--batch", stdin=asked))
        for name in names:
            size = int(stream.readline().split()[2])
            yield name, stream.read(size + 1)[:-1]


def _git(*arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["git", *arguments], input=stdin, check=True, capture_output=True).stdout
