"""Which file of the repository a relative link of a document names. Pure."""

import posixpath
from urllib.parse import unquote

ROOT = "@/"
REFERENCE = "@~/"
"""A document as Hugo or Jekyll name it: beside this one or from the top, perhaps without ending."""
ENDINGS = ("", ".md", ".markdown", ".html", "/index.md", "/_index.md")


def targets(link: str, source: str, root: str) -> tuple[tuple[str, ...], str]:
    """(paths in the repository, the first of which that is a file counts; rest of the link)."""
    if not link.startswith(REFERENCE):
        path, rest = target(link, source, root)
        return ((path,) if path else ()), rest
    path, mark, rest = _split(link[len(REFERENCE) :])
    named = (f"{unquote(path).strip('/')}{ending}" for ending in ENDINGS)
    folders = dict.fromkeys((posixpath.dirname(source), root))
    joined = [posixpath.normpath(posixpath.join(f, name)) for name in named for f in folders]
    return tuple(each for each in joined if not _is_outside(each)), mark + rest


def target(link: str, source: str, root: str) -> tuple[str, str]:
    """(path in the repository, rest of the link); the path is empty outside the repository."""
    path, mark, rest = _split(link)
    if path.startswith(ROOT):
        joined = root + unquote(path[len(ROOT) :])
    else:
        joined = posixpath.join(posixpath.dirname(source), unquote(path))
    normal = posixpath.normpath(joined)
    return ("" if _is_outside(normal) or not path else normal), mark + rest


def _is_outside(path: str) -> bool:
    return path in (".", "..") or path.startswith(("../", "/"))


def _split(link: str) -> tuple[str, str, str]:
    positions = [at for at in (link.find("?"), link.find("#")) if at >= 0]
    if not positions:
        return link, "", ""
    at = min(positions)
    return link[:at], link[at], link[at + 1 :]
