"""The site of a soak: every page carries the marks of its document and of the newest commit that
changed it, and what misbehaves is chosen by turns. Pure but for the commits."""

import re
from collections.abc import Mapping
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
MARK = re.compile(rb"<p>soak-page-(\d+)-commit-(\d+)-end</p>")
PLUGGED = b"\r\nx-kind: page"
MISSING, LIST = "/posts/not-there/", "/"
ASKS = ("read:content.meta", "propose:metadata", "propose:header")
PLUGINS: Mapping[str, str] = {
    "honest": """\
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
    begins."""

    promised: list[int] = field(default_factory=lambda: [0] * PAGES)
    made: list[int] = field(default_factory=lambda: [0] * PAGES)

    def begin(self, commit: int) -> list[int]:
        """The pages that the commit changes."""
        changed = [(commit * EDITED + each) % PAGES for each in range(EDITED)]
        for number in changed:
            self.made[number] = commit
        return changed

    def promise(self) -> None:
        self.promised = list(self.made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`least` is the mark that was promised when it was asked; `kept` the body that `tag` stands
    for, where the request is a conditional one."""

    path: str
    number: int | None
    least: int
    tag: str | None = None
    kept: bytes = b""


def flaw(asked: Asked, answer: Whole, made: int) -> str | None:
    """What is wrong with an answer; `made` is the newest mark of its page by now."""
    if asked.path == MISSING:
        return None if answer.status == HTTPStatus.NOT_FOUND else f"status {answer.status}"
    if answer.status == HTTPStatus.NOT_MODIFIED and asked.tag:
        return _wrong_mark(asked, asked.kept, made, "304 for ")
    if answer.status != HTTPStatus.OK:
        return f"status {answer.status}"
    if b"set-cookie" in answer.head.lower():
        return "a cookie that a plugin made up"
    return None if asked.number is None else _wrong_mark(asked, answer.body, made)


def _wrong_mark(asked: Asked, body: bytes, made: int, what: str = "") -> str | None:
    found = MARK.search(body)
    if found is None:
        return f"{what}a page without its mark"
    number, mark = map(int, found.groups())
    if number != asked.number:
        return f"{what}the page of document {number}"
    if not asked.least <= mark <= made:
        return f"{what}mark {mark}, not {asked.least} to {made}"
    return None


def written(site: Site, commit: int, pages: list[int]) -> None:
    """Commits these pages anew, and the plugin whose turn it is."""
    files = {source(number): _text(number, commit) for number in pages}
    sites.commit(site, files | _chosen(TURNS[commit // TURN % len(TURNS)]))


def _text(number: int, commit: int) -> str:
    front = f'+++\ntitle = "Page {number}"\ndate = 2020-01-{number + 1:02}\n+++\n\n'
    body = f"soak-page-{number}-commit-{commit}-end\n\n{sites.PROSE * 8}"
    return front + body


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
