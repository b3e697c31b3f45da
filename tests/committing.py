"""A commit by one Git, however many files it has: `commit_files` starts one for each."""

import os
from collections.abc import Iterator, Mapping

from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository

OPTIONS = ("-c", "fastimport.unpackLimit=0", "-c", "core.fsync=none")


def import_commit(
    repository: Repository,
    ref: str,
    files: Mapping[str, bytes | None],
    *,
    message: str,
    author: Author,
) -> str:
    """On top of `ref`, or what is there already if it has the same files."""
    before = repository.resolve(ref)
    script = b"".join(_script(ref, before, files, message=message, author=author))
    told = repository.plumb("fast-import", "--quiet", options=OPTIONS, stdin=script).split()
    commit, trees = told[0].decode(), told[3::3]
    if before and trees[0] == trees[1]:
        repository.move(ref, before, commit)
        return before
    return commit


def _script(
    ref: str, before: str | None, files: Mapping[str, bytes | None], *, message: str, author: Author
) -> Iterator[bytes]:
    yield f"commit {ref}\nmark :1\n".encode()
    yield f"committer {author.name} <{author.email}> {author.moment}\n".encode()
    yield _counted(message.encode())
    if before:
        yield f"from {before}\n".encode()
    for path, content in files.items():
        if content is None:
            yield b"D " + _quoted(path) + b"\n"
        else:
            yield b"M 100644 inline " + _quoted(path) + b"\n" + _counted(content)
    yield b'get-mark :1\nls :1 ""\n'
    if before:
        yield f'ls {before} ""\n'.encode()


def _counted(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"


def _quoted(path: str) -> bytes:
    plain = os.fsencode(path)
    return b'"' + plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
