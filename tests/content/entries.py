"""Builders of index entries: a document, an asset, a kept file, with as little said as possible."""

from pathlib import Path
from typing import Any

from apps.content.entries import Alias, Asset, Document, Entry, KeptFile, Original, Term
from apps.content.files import ContentFiles
from apps.content.index_writer import IndexChange, IndexWriter
from apps.content.pointer import Pointer
from apps.content.problems import Problem

RENDERER = "renderer-1"


def files(folder: Path) -> ContentFiles:
    return ContentFiles(
        index=folder / "index.sqlite3",
        generation=folder / "generation",
        renderings=folder / "renderings.sqlite3",
        assets=folder / "assets",
    )


def page(
    name: str,
    *,
    tags: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
    text: str = "text",
    **values: Any,
) -> Entry:
    """`page("posts/a")` is content/posts/a.md at /posts/a/."""
    source = values.pop("source", f"content/{name}.md")
    plain = {
        "blob": f"blob-of-{name}-{text}",
        "markup": "commonmark",
        "url": f"/{name}/",
        "kind": "page",
        "section": name.rpartition("/")[0],
        "title": name.rpartition("/")[2].capitalize(),
        "description": "",
        "date": "2026-01-01T00:00:00Z",
        "updated": "",
        "date_from": "front matter",
        "visibility": "public",
        "authors": "[]",
        "front": "{}",
    }
    shown = "" if values.get("visibility", "public") == "public" else "~"
    document = Document(source=source, **{"shown_from": shown, **plain, **values})
    return Entry(
        source=source,
        document=document,
        aliases=tuple(Alias(source, url) for url in aliases),
        terms=tuple(Term(source, "tags", name.lower(), name) for name in tags),
        original=Original(source, document.blob, text.encode()),
        problems=problems,
    )


def section(name: str, **values: Any) -> Entry:
    """`section("posts")` is content/posts/_index.md at /posts/."""
    source = f"content/{name}/_index.md"
    return page(
        name, **{"source": source, "kind": "section", "section": name, "date": "", **values}
    )


def asset(source: str, *, blob: str = "a" * 40, size: int = 3, url: str = "") -> Entry:
    at = url or "/" + source.removeprefix("content/")
    return Entry(source=source, asset=Asset(source, blob, at, size, ""))


def kept(source: str, content: bytes) -> Entry:
    return Entry(source=source, kept=KeptFile(source, f"blob-of-{content!r}", content))


def left_out(source: str, code: str = "front-matter.syntax") -> Entry:
    return Entry(source=source, problems=(Problem(source, 1, code, "a reason"),))


def pointer(commit: str, digest: str) -> Pointer:
    return Pointer(
        commit_id=commit,
        branch="main",
        configuration="[whispercms]\n",
        names="config.toml\ncontent",
        renderer=RENDERER,
        digest=digest,
    )


def write(
    writer: IndexWriter,
    *entries: Entry,
    commit: str = "c1",
    whole: bool = False,
    removed: tuple[str, ...] | None = None,
) -> Pointer:
    """Brings the index to `commit`; what the entries replace is removed first."""
    gone = tuple(entry.source for entry in entries) if removed is None else removed
    change = IndexChange(whole=whole, removed=gone, entries=entries)
    after = pointer(commit, writer.digest_after(change))
    writer.apply(change, after)
    return after
