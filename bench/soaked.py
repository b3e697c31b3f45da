"""The site of a soak: titles and texts carry the marks of their document and of the newest commit
that changed it, and what misbehaves is chosen by turns. Pure but for the commits.

But for the number of that commit a page has the same bytes from the first to the last answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from bench import sites
from bench.asking import Whole
from bench.chosen import choices, locked, plugin
from bench.sites import Site

PAGES = 24
EDITED = 3
"""Documents that each commit changes; the others keep their marks."""
TURN = 3
"""Syncs until another plugin is chosen."""
MARK = re.compile(rb"soak-page-(\d+)-commit-(\d+)-end")
PACKED = 4
"""Of so many pages one is always asked for compressed."""
HONEST = "honest"
PLUGGED = b"\r\nx-kind: page"
MISSING, LIST = "/posts/not-there/", "/"
ASKS = ("read:content.meta", "propose:metadata", "propose:header")
PLUGINS: Mapping[str, str] = {
    HONEST: """\
on("content.resolved", function(event, propose)
  propose.header("x-kind", event.content.kind)
end)
""",
    "loops": 'on("content.resolved", function() while true do end end)\n',
    "dies": """\
on("content.resolved", function()
  local all = {}
  while true do all[#all + 1] = string.rep(tostring(#all), 1000000) end
end)
""",
    "lies": """\
on("content.resolved", function(event, propose)
  propose.metadata("kind", event.content.kind)
  propose.header("set-cookie", "stolen=1")
  propose.header("x-kind", "a\\r\\nb: c")
end)
""",
}
TURNS = (None, *PLUGINS)
"""The first is a site without plugins."""


def page(number: int) -> str:
    return f"/posts/page-{number}/"


def source(number: int) -> str:
    return f"content/posts/page-{number}.md"


@dataclass(slots=True)
class Marks:
    """What must be on each page. `promised` moves when a sync has returned, `made` before it
    begins; `commits` are the numbers of the last of each."""

    promised: list[int] = field(default_factory=lambda: [0] * PAGES)
    made: list[int] = field(default_factory=lambda: [0] * PAGES)
    commits: tuple[int, int] = (0, 0)

    def begin(self, commit: int) -> list[int]:
        """The pages that the commit changes."""
        changed = [(commit * EDITED + each) % PAGES for each in range(EDITED)]
        for number in changed:
            self.made[number] = commit
        self.commits = self.commits[0], commit
        return changed

    def promise(self) -> None:
        self.promised = list(self.made)
        self.commits = self.commits[1], self.commits[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`promised` are the marks that were promised when it was asked, with `commit`; `kept` the body
    that `tag` stands for, where the request is a conditional one."""

    path: str
    number: int | None
    promised: Sequence[int]
    commit: int = 0
    tag: str | None = None
    kept: bytes = b""

    @property
    def headers(self) -> tuple[str, ...]:
        packed = self.number is not None and self.number % PACKED == 0
        return (
            *((f"If-None-Match: {self.tag}",) if self.tag else ()),
            *(("Accept-Encoding: gzip",) if packed else ()),
        )


class Bytes:
    """What each address has said so far, but for the marks."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def differ(self, path: str, body: bytes) -> bool:
        plain = MARK.sub(rb"soak-page-\1", body)
        return self._known.setdefault(path, plain) != plain


def flaw(asked: Asked, answer: Whole, marks: Marks, known: Bytes) -> str | None:
    """What is wrong with an answer, by what is there now."""
    if answer.status == HTTPStatus.NOT_MODIFIED and asked.tag:
        said = _flaw_of(asked, asked.kept, marks.made, known)
        return said and f"304 for {said}"
    wanted = HTTPStatus.NOT_FOUND if asked.path == MISSING else HTTPStatus.OK
    if answer.status != wanted:
        return f"status {answer.status}"
    if b"set-cookie" in answer.head.lower():
        return "a cookie that a plugin made up"
    if PLUGGED in answer.head and not _may_be_plugged(asked.commit, marks.commits[1]):
        return "the header of a plugin that is off"
    try:
        return _flaw_of(asked, answer.content, marks.made, known)
    except ValueError as error:
        return f"a body that cannot be unpacked: {error}"


def _flaw_of(asked: Asked, body: bytes, made: Sequence[int], known: Bytes) -> str | None:
    marks = {(int(number), int(mark)) for number, mark in MARK.findall(body)}
    numbers = {number for number, _ in marks}
    if len(marks) > len(numbers):
        return "two commits on one page"
    if asked.number is not None and asked.number not in numbers:
        return "a page without its mark"
    for number, mark in sorted(marks):
        if not asked.promised[number] <= mark <= made[number]:
            return f"mark {mark}, not {asked.promised[number]} to {made[number]}"
    return "other bytes than before" if known.differ(asked.path, body) else None


def _may_be_plugged(since: int, until: int) -> bool:
    return any(turn(commit) == HONEST for commit in range(since, until + 1))


def turn(commit: int) -> str | None:
    """The plugin that is on."""
    return TURNS[commit // TURN % len(TURNS)]


def written(site: Site, commit: int, pages: list[int]) -> None:
    """Commits these pages anew, and the plugin whose turn it is."""
    files = {source(number): _text(number, commit) for number in pages}
    sites.commit(site, files | _chosen(turn(commit)))


def _text(number: int, commit: int) -> str:
    mark = f"soak-page-{number}-commit-{commit}-end"
    front = f'+++\ntitle = "{mark}"\ndate = 2020-01-{number + 1:02}\n+++\n\n'
    return f"{front}{mark}\n\n{sites.PROSE * 8}"


def _chosen(name: str | None) -> dict[str, str]:
    config = '[whispercms]\ntitle = "A soaked site"\n'
    if name is None:
        return {"config.toml": f"{config}plugins = []\n", "extensions.lock": _locks()}
    return {"config.toml": f"{config}{choices(name)}", "extensions.lock": _locks()}


def extensions() -> dict[str, str]:
    """All plugins that there are; which one runs, the configuration says."""
    return {
        path: text
        for name, code in PLUGINS.items()
        for path, text in plugin(name, code, ASKS).items()
    }


def _locks() -> str:
    return "".join(
        locked(name, plugin(name, code, ASKS), ASKS) for name, code in sorted(PLUGINS.items())
    )
