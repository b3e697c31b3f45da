"""Whatever happens, in whatever order: what is kept is what would be made now, headers included."""

import shutil
import tempfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from apps.content.rendering import Renderer
from apps.extensions.containment.breaker import OPEN, Cause
from apps.runtime.workers import Workers
from tests.delivery.caching.pairs import Pair, Seen, Visit
from tests.delivery.extending import Files, config, lock, plugin, theme
from tests.sites import Site, SiteRepository

START, DAY = 1_900_000_000.0, 86_400.0
SHOWN = ("2030-03-18T00:00:00Z", "2030-03-20T00:00:00Z", "2030-03-25T12:00:00Z", "2020-01-01")
HEADER, METADATA = "read:request.header:accept-language", "propose:metadata"
SAYS = 'propose.metadata("language", event.request.headers["accept-language"] or "none")'
FAILS = 'if event.content:word_count() % 2 == 0 then error("even") end\npropose.metadata("n", 1)'
MARKS = 'propose.header("x-marked", "yes")'
DOCUMENT = (
    "<title>{{ page.title }}</title><p>{{ page.description }} {{ page.date }} {{ page.updated }}"
    "{% for term in page.terms %} {{ term.name }}{% endfor %} {{ page.meta }}</p><main>{{ body }}"
    "</main>{% for key in metadata %}<i>{{ key }}{{ metadata[key] }}</i>{% endfor %}"
    "{% for s in site.sections %}<a href='{{ s.url }}'>{{ s.title }}</a>{% endfor %}"
)
ROUTES = """
[[routes]]
name = "document"
kind = "page"
path = "/{path}/"
template = "document.html"
[[routes]]
name = "tag"
path = "/tags/{term}/"
template = "list.html"
query = { tags = "{term}", page_size = 2 }
[[routes]]
name = "list"
kind = "section"
path = "/{path}/"
template = "list.html"
query = { section = "{path}", page_size = 2 }
"""
OTHER = DOCUMENT.replace("<main>", "<hr><main>")
ACCEPT = 'metadata = true\nheaders = ["x-*"]'
RECENT = 12
PLUGINS = ("says", "fails", "marks")
SITE: Files = {
    **theme("own", accept=ACCEPT, routes=ROUTES, document_html=DOCUMENT),
    **plugin("says", SAYS, HEADER, METADATA),
    **plugin("fails", FAILS, "read:content.text", METADATA),
    **plugin("marks", "", "propose:header", response_prepared=MARKS, request_received=MARKS),
    **lock(
        says=(HEADER, METADATA), fails=("read:content.text", METADATA), marks=("propose:header",)
    ),
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "media/small.txt": "small\n" * 300,
    "media/large.bin": b"\x00\x01" * 60_000,
}
NAMES = ("one", "posts/a", "posts/b", "posts/c")
NAMED = strategies.sampled_from(NAMES)
PATHS = strategies.sampled_from(
    (
        *("/one/", "/one", "/posts/a/", "/posts/b/", "/posts/c/", "/posts/", "/posts/page/2/"),
        *("/posts/page/1/", "/tags/x/", "/tags/y/", "/old", "/old/", "/media/small.txt"),
        *("/media/large.bin", "/nowhere/", "/p%6fsts/a/", "/", "/posts/a.png", "/%ff", "//one/"),
    )
)
SENT = strategies.fixed_dictionaries(
    {},
    optional={
        "accept-language": strategies.sampled_from(("de", "fr", "")),
        "accept-encoding": strategies.sampled_from(("br", "gzip, br;q=0", "identity", "*;q=0")),
        "if-none-match": strategies.sampled_from(("*", '"x"', "LAST")),
        "if-modified-since": strategies.just("LAST"),
        "range": strategies.sampled_from(("bytes=0-9", "bytes=-5", "bytes=999999999-")),
        "cookie": strategies.just("session=1"),
    },
)
DOCUMENTS = strategies.fixed_dictionaries(
    {
        "title": strategies.sampled_from(("One", "Two")),
        "words": strategies.integers(1, 4),
    },
    optional={
        "date": strategies.sampled_from(SHOWN),
        "updated": strategies.sampled_from(SHOWN),
        "description": strategies.sampled_from(("short", "other")),
        "tags": strategies.sampled_from(("[x]", "[X, y]", "[y]")),
        "aliases": strategies.just("[/old]"),
        "draft": strategies.sampled_from(("true", "false")),
        "extra": strategies.integers(0, 2),
    },
)


def document(fields: dict[str, Any], link: str) -> str:
    words = " ".join(["word"] * fields["words"])
    front = "".join(f"{key}: {value}\n" for key, value in fields.items() if key != "words")
    return f"---\n{front}---\n{words} [there](/{link}) [file](@/{link}.md)\n"


class Visits(RuleBasedStateMachine):
    workers: Workers
    renderer: Renderer

    @initialize(first=DOCUMENTS)
    def begin(self, first: dict[str, Any]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="visits-"))
        self.repository = SiteRepository(self.folder / "remote.git")
        self.site = Site(self.repository, self.folder / "node", self.workers, self.renderer)
        self.now, self.enabled = START, set[str]()
        self.site.clock = lambda: self.now
        written = {f"content/{name}.md": document(first, "one") for name in NAMES}
        self.repository.commit({**SITE, **written, "config.toml": self.config()})
        self.site.sync()
        self.pair = Pair(self.site, room=96 * 1024)
        self.last: dict[str, str] = {}
        self.recent = deque[Visit](maxlen=RECENT)
        for path in ("/one/", "/posts/a/", "/posts/", "/tags/x/", "/nowhere/"):
            self.compare(Visit(path))

    def config(self) -> str:
        enabled = [name for name in PLUGINS if name in self.enabled]
        return config(*enabled, themes={"/": "own"})

    def commit(self, files: Files) -> None:
        self.repository.commit(files)
        self.site.sync()
        self.look_again()

    def look_again(self) -> None:
        """Those who were here come back: what they saw is what may be old."""
        for visit in tuple(self.recent):
            self.compare_once(visit)

    def compare(self, visit: Visit) -> Seen:
        expected = self.compare_once(visit)
        self.recent.append(visit)
        return expected

    def compare_once(self, visit: Visit) -> Seen:
        """What an extension made before it was kept out for a while stays good: it is given to
        visitors for as long as its facts hold, while what is made afresh would lack it."""
        expected = self.pair.ask_afresh(visit)
        found = self.pair.ask(visit)
        if all(each.state != OPEN for each in self.site.containment.shut().values()):
            assert found == expected
        return expected

    def visit(self, path: str, method: str, query: str, sent: dict[str, str]) -> Visit:
        known = {name: self.last.get(name, value) for name, value in sent.items()}
        headers = {n: v if v != "LAST" else known[n] for n, v in sent.items()}
        return Visit(path, method, query, tuple(headers.items()))

    @rule(
        path=PATHS,
        method=strategies.sampled_from(("GET", "GET", "HEAD", "POST")),
        query=strategies.sampled_from(("", "", "utm=1", "a b")),
        sent=SENT,
        times=strategies.integers(1, 2),
    )
    def ask(self, path: str, method: str, query: str, sent: dict[str, str], times: int) -> None:
        visit = self.visit(path, method, query, sent)
        for _ in range(times):
            expected = self.compare(visit)
        if etag := expected.header("etag"):
            self.last = {
                "if-none-match": etag,
                "if-modified-since": expected.header("last-modified") or "",
            }

    @rule(path=PATHS, sent=SENT)
    def ask_at_once(self, path: str, sent: dict[str, str]) -> None:
        visit = self.visit(path, "GET", "", sent)
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(self.pair.ask, [visit] * 4))
        assert answers == [self.pair.ask_afresh(visit)] * 4

    @rule(
        name=strategies.sampled_from(NAMES), fields=DOCUMENTS, link=strategies.sampled_from(NAMES)
    )
    def write(self, name: str, fields: dict[str, Any], link: str) -> None:
        self.commit({f"content/{name}.md": document(fields, link)})

    @rule(name=NAMED)
    def remove(self, name: str) -> None:
        if any(self.site.live.current().observing.index.state(f"content/{name}.md") or ()):
            self.commit({f"content/{name}.md": None})

    @rule(title=strategies.sampled_from(("Posts", "Texts")))
    def name_the_section(self, title: str) -> None:
        self.commit({"content/posts/_index.md": f"---\ntitle: {title}\n---\n"})

    @rule(content=strategies.sampled_from((b"one" * 500, b"two" * 500)))
    def put_a_file(self, content: bytes) -> None:
        self.commit({"content/posts/a.png": content, "media/small.txt": content})

    @rule(text=strategies.sampled_from((DOCUMENT, OTHER)))
    def change_the_template(self, text: str) -> None:
        self.commit({"themes/own/templates/document.html": text})

    @rule(name=strategies.sampled_from(PLUGINS))
    def toggle(self, name: str) -> None:
        self.enabled ^= {name}
        self.commit({"config.toml": self.config()})

    @rule(name=strategies.sampled_from(PLUGINS))
    def quarantine(self, name: str) -> None:
        if name in self.enabled:
            self.site.containment.failed(f"plugin:{name}", Cause.ATTACK, "it broke out")
            self.look_again()

    @rule(days=strategies.integers(1, 6))
    def wait(self, days: int) -> None:
        self.now += days * DAY
        self.look_again()

    def teardown(self) -> None:
        self.site.stop()
        shutil.rmtree(self.folder)


def run(workers: Workers, renderer: Renderer, examples: int, steps: int) -> None:
    machine = type("Visits", (Visits,), {"workers": workers, "renderer": renderer})
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=examples < 10,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=how)


def test_a_kept_response_is_the_one_that_would_be_made_now(
    workers: Workers, renderer: Renderer
) -> None:
    run(workers, renderer, 2, 25)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_kept_response_is_the_one_that_would_be_made_now_at_length(
    workers: Workers, renderer: Renderer
) -> None:
    run(workers, renderer, 30, 50)
