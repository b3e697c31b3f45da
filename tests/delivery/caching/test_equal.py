"""Whatever happens, in whatever order: what is kept is what would be made now, headers included."""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from apps.content.rendering import Renderer
from apps.delivery.http.sending import Sending
from apps.delivery.warm_set import WarmSet
from apps.extensions.containment.breaker import OPEN, Cause
from apps.runtime.workers import Workers
from tests.delivery.caching.changing import (
    DOCUMENT,
    DOCUMENTS,
    KNOWN,
    NAMES,
    OTHER,
    PATHS,
    PLUGINS,
    SENT,
    SITE,
    TOLD,
    document,
)
from tests.delivery.caching.pairs import Pair, Seen, Visit
from tests.delivery.extending import Files, config
from tests.sites import Site, SiteRepository

START, DAY = 1_900_000_000.0, 86_400.0
MAIN = "refs/heads/main"
ROOM, LATER = 400 * 1024, 3600.0
RECENT, FEW = 20, 4
NAMED = strategies.sampled_from(NAMES)


class Visits(RuleBasedStateMachine):
    workers: Workers
    renderer: Renderer

    @initialize(first=DOCUMENTS)
    def begin(self, first: dict[str, Any]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="visits-"))
        self.repository = SiteRepository(self.folder / "remote.git")
        self.site = Site(self.repository, self.folder / "node", self.workers, self.renderer)
        self.now, self.enabled, self.told = START, set[str](), dict[str, str]()
        self.site.clock = lambda: self.now
        written = {f"content/{name}.md": document(first, "one") for name in NAMES}
        self.repository.commit({**SITE, **written, "config.toml": self.config()})
        assert self.site.sync().problems == ()
        self.pair = Pair(self.site, room=ROOM)
        self.another = self.site.another_process(lambda: self.now + LATER)
        how = Sending(shared_seconds=60, secure=True)
        self.beside = Pair(self.site, room=ROOM, how=how, live=self.another)
        self.ahead = WarmSet(self.site.live, self.pair.kept)
        self.last: dict[str, str] = {}
        self.recent: dict[object, Visit] = {}
        for path in KNOWN:
            self.compare(Visit(path))

    def config(self) -> str:
        enabled = [name for name in PLUGINS if name in self.enabled]
        mounts = {"/": "own"} | ({"/posts/": "other"} if "mount" in self.told else {})
        told = [f'{key} = "{value}"\n' for key, value in self.told.items() if key in TOLD]
        footer = f'settings = {{ footer = "{self.told.get("footer", "below")}" }}\n'
        text = config(*enabled, themes=mounts)
        text = text.replace("[whispercms]\n", f"[whispercms]\n{''.join(told)}")
        return text.replace('id = "own"\n', f'id = "own"\n{footer}')

    def commit(self, files: Files) -> None:
        self.repository.commit(files)
        self.site.sync()
        self.look_again()

    def look_again(self) -> None:
        """Those who were here come back: what they saw is what may be old."""
        for visit in self.recent.values():
            self.compare_once(self.pair, visit)
        for visit in tuple(self.recent.values())[-FEW:]:
            self.compare_once(self.beside, visit)

    def compare(self, visit: Visit) -> Seen:
        expected = self.compare_once(self.pair, visit)
        key = visit.path, visit.header("accept-language")
        self.recent.pop(key, None)
        self.recent[key] = visit
        if len(self.recent) > RECENT:
            del self.recent[next(iter(self.recent))]
        return expected

    def compare_once(self, pair: Pair, visit: Visit) -> Seen:
        """What an extension made before it was kept out for a while stays good: it is given to
        visitors for as long as its facts hold, while what is made afresh would lack it."""
        expected = pair.ask_afresh(visit)
        found = pair.ask(visit)
        if self.nothing_is_kept_out():
            assert found == expected
        return expected

    def nothing_is_kept_out(self) -> bool:
        return all(each.state != OPEN for each in self.site.containment.shut().values())

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
        afresh = self.pair.ask_afresh(visit)
        assert answers == [afresh if self.nothing_is_kept_out() else answers[0]] * 4

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

    @rule(days=strategies.integers(-2, 6))
    def wait(self, days: int) -> None:
        """Clocks are put back, too."""
        self.now += days * DAY
        self.look_again()

    @rule(
        key=strategies.sampled_from((*TOLD, "footer", "mount")),
        value=strategies.sampled_from(("de", "fr")),
    )
    def configure(self, key: str, value: str) -> None:
        if self.told.get(key) == value:
            del self.told[key]
        else:
            self.told[key] = value if key != "base_url" else f"https://{value}.example"
        self.commit({"config.toml": self.config()})

    @rule(back=strategies.integers(1, 3))
    def roll_back(self, back: int) -> None:
        """To what visitors have seen before: the newest commit is an older one."""
        git = self.repository.git
        newest = git.run("rev-list", "--first-parent", f"-{back + 1}", MAIN).decode().split()
        git.set(MAIN, newest[-1])
        self.site.sync(accept_rewritten=True)
        self.look_again()

    @rule()
    def build_the_index_anew(self) -> None:
        """In another file, in the place of the one that both processes have open."""
        self.site.sync(rebuild=True)
        self.look_again()

    @rule(path=PATHS, sent=SENT)
    def ask_the_other_process(self, path: str, sent: dict[str, str]) -> None:
        for _ in range(2):
            self.compare_once(self.beside, self.visit(path, "GET", "", sent))

    @rule()
    def warm(self) -> None:
        self.ahead.renew(Event())

    @rule(many=strategies.integers(1, 12))
    def come_in_a_crowd(self, many: int) -> None:
        """So that what is kept has to give way."""
        for number in range(many):
            self.pair.ask(Visit(f"/nowhere/{number}/", sent=(("accept-language", "x" * 4000),)))

    def teardown(self) -> None:
        self.another.stop()
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
    run(workers, renderer, 1, 30)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_kept_response_is_the_one_that_would_be_made_now_at_length(
    workers: Workers, renderer: Renderer
) -> None:
    run(workers, renderer, 30, 50)
