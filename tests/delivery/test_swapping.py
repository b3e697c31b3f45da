"""While visitors load pages the site swaps its extensions: each page is of one version, whole."""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from apps.extensions.finding import KINDS, find
from apps.extensions.lock import Entry, Tables, write_lock
from apps.gitsync.report import APPLIED
from tests.delivery.extending import ACCEPT, METADATA, TEMPLATES, Files, plugin, theme
from tests.sites import ROOT, Site, SiteRepository, body

VISITORS, SWAPS = 100, 50
PAGES = ("/one/", "/two/", "/", "/nothing-here/")
THINK_SECONDS = (0.05, 0.5)
READ_SECONDS = 0.1
"""From a page to the style sheet that it names."""
STYLE = re.compile(r"<link href='([^']+)'")
MARK = re.compile(r"mark-([a-z]+)-(\d+)-")
MARKED = (
    "<link href='{{{{ asset(\"mark.css\") }}}}'>"
    "<main>mark-theme-{n}- mark-setting-{{{{ settings.mark }}}}-"
    " mark-title-{{{{ site.title }}}}- {{% for key in metadata %}}{{{{ metadata[key] }}}}"
    "{{% endfor %}} {{{{ body }}}} {{% if page %}}{{{{ page.title }}}}{{% endif %}}"
    "{{% if list %}}{{% for item in list.items %}}{{{{ item.title }}}}{{% endfor %}}{{% endif %}}"
    "</main>"
)
SETTING = '[settings.mark]\ntype = "string"\ndefault = ""\n'


def version(number: int) -> Files:
    """Its number is in the theme, the plugin, settings, the site's title, and each document."""
    template = MARKED.format(n=number)
    own = theme("own", accept=ACCEPT, **{n.replace(".", "_"): template for n in TEMPLATES})
    own["themes/own/theme.toml"] = str(own["themes/own/theme.toml"]) + "\n" + SETTING
    own["themes/own/assets/mark.css"] = f"/* mark-css-{number}- */"
    text = f'propose.metadata("mark", "mark-plugin-{number}-")'
    top = (
        f'[whispercms]\ntitle = "{number}"\n[[whispercms.plugins]]\nid = "own"\n'
        '[[whispercms.themes]]\nid = "own"\n'
        f'settings = {{ mark = "{number}" }}\n'
    )
    documents: Files = {
        f"content/{name}.md": f"---\ntitle: mark-name-{number}-\n---\nmark-body-{number}-\n"
        for name in ("one", "two", "_index")
    }
    files: Files = {"config.toml": top, **own, **plugin("own", text, METADATA), **documents}
    return {**files, "extensions.lock": pins(files)}


def pins(files: Files) -> bytes:
    kept = {path: each.encode() for path, each in files.items() if isinstance(each, str)}
    there = {kind: find(kind, "own", kept, ROOT) for kind in KINDS}
    entries = {
        f"{kind}s": {"own": Entry(digest=each.digest(), capabilities=[METADATA])}
        for kind, each in there.items()
        if each
    }
    return write_lock(Tables.model_validate(entries))


@dataclass
class Seen:
    """What the visitors saw, of all together."""

    pages: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    mixed: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    versions: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, site: Site, path: str) -> None:
        reply = site.get(path)
        text = body(reply).decode()
        if style := STYLE.search(text):
            time.sleep(READ_SECONDS)
            text += body(site.get(style[1])).decode()
        marks = MARK.findall(text)
        with self.lock:
            self.pages += 1
            self.statuses[path, reply.status] += 1
            self.kinds.update({kind for kind, _ in marks})
            found = {number for _, number in marks}
            self.versions |= found
            if len(found) != 1:
                self.mixed.append(f"{path}: {marks}")


def visiting(site: Site, seen: Seen, ended: threading.Event, seed: int) -> Callable[[], None]:
    choice = random.Random(seed)

    def visit() -> None:
        while not ended.wait(choice.uniform(*THINK_SECONDS)):
            seen.look(site, choice.choice(PAGES))

    return visit


@pytest.mark.long
def test_no_page_is_made_of_two_versions(repository: SiteRepository, site: Site) -> None:
    site.pinned = True
    repository.commit(version(0))
    assert site.sync().state == APPLIED
    site.text("/one/")
    seen, ended = Seen(), threading.Event()
    visitors = [
        threading.Thread(target=visiting(site, seen, ended, seed)) for seed in range(VISITORS)
    ]
    for each in visitors:
        each.start()
    try:
        for number in range(1, SWAPS + 1):
            repository.commit(version(number))
            report = site.sync()
            assert (report.state, report.problems) == (APPLIED, ())
    finally:
        ended.set()
        for each in visitors:
            each.join()
    expected = {(path, 404 if "nothing" in path else 200) for path in PAGES}
    assert set(seen.statuses) == expected, seen.statuses
    assert seen.mixed == []
    assert {"theme", "plugin", "setting", "title", "name", "body"} <= set(seen.kinds)
    assert seen.kinds["css"] == seen.kinds["theme"] == seen.pages
    assert len(seen.versions) > SWAPS // 2
    assert len(set(site.live.versions)) == len(site.live.versions)
