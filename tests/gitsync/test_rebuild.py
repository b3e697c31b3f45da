"""Whatever is done to a repository, following it commit by commit ends where a rebuild does."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.rendering import Renderer
from apps.gitsync.report import APPLIED, UNCHANGED
from apps.runtime.workers import Workers
from tests.sites import CONFIG, Site, SiteRepository

PATHS = [
    "content/a.md",
    "content/b.md",
    "content/posts/_index.md",
    "content/posts/2024-03-01-c.md",
    "content/posts/d/index.md",
    "content/posts/d/picture.png",
    "content/e.html",
    "content/f.json",
    "content/.hidden.md",
    "media/file.txt",
    "elsewhere/g.md",
]
CONTENTS = [
    "# A heading\n\nText.\n",
    "# A heading\n\nOther text.\n",
    "---\ntitle: T\ntags: [x, y]\naliases: [/was/here]\n---\nText\n",
    "---\ntitle: T\ndate: 2021-05-06\ntags: [y]\n---\nText\n",
    "---\ntitle: [broken\n---\n",
    "---\ndraft: true\n---\nHidden\n",
    '+++\ntitle = "T"\npath = "somewhere/else"\n+++\nText\n',
    '{"title": "J", "body": "<p>x</p>"}',
]
CONFIGS = [CONFIG, CONFIG + 'taxonomies = ["tags", "topics"]\n', CONFIG + 'layout = "plain"\n']

path = st.sampled_from(PATHS)
step = st.one_of(
    st.tuples(st.just("write"), path, st.sampled_from(CONTENTS)),
    st.tuples(st.just("remove"), path, st.just("")),
    st.tuples(st.just("rename"), path, path),
    st.tuples(st.just("configure"), st.just(""), st.sampled_from(CONFIGS)),
    st.tuples(st.just("sync"), st.just(""), st.just("")),
)


def test_following_ends_in_the_digest_of_a_rebuild(workers: Workers, renderer: Renderer) -> None:
    _check(workers, renderer, examples=5)


@pytest.mark.long
def test_following_long_ends_in_the_digest_of_a_rebuild(
    workers: Workers, renderer: Renderer
) -> None:
    _check(workers, renderer, examples=60)


def _check(workers: Workers, renderer: Renderer, *, examples: int) -> None:
    @given(steps=st.lists(step, min_size=1, max_size=12))
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    def holds(steps: list[tuple[str, str, str]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            repository = SiteRepository(Path(folder) / "remote.git")
            site = Site(repository, Path(folder) / "node", workers, renderer)
            files = {"config.toml": CONFIG, "content/_index.md": "# Home\n"}
            repository.commit(files)
            site.sync()
            for kind, first, second in steps:
                _act(kind, first, second, files=files, repository=repository, site=site)
            followed = site.sync()
            assert followed.state in (APPLIED, UNCHANGED)
            rebuilt = site.sync(rebuild=True)
            assert rebuilt.digest == followed.digest
            assert (rebuilt.added, rebuilt.changed, rebuilt.removed) == (0, 0, 0)
            assert site.sync().state == UNCHANGED

    holds()


def _act(
    kind: str,
    first: str,
    second: str,
    *,
    files: dict[str, str],
    repository: SiteRepository,
    site: Site,
) -> None:
    if kind == "sync":
        site.sync()
        return
    change: dict[str, str | bytes | None] = {}
    if kind == "write":
        change = {first: second}
    elif kind == "remove" and first in files:
        change = {first: None}
    elif kind == "rename" and first in files and first != second:
        change = {second: files[first], first: None}
    elif kind == "configure":
        change = {"config.toml": second}
    if change:
        repository.commit(change)
        files.update({p: c for p, c in change.items() if isinstance(c, str)})
        for gone in [p for p, c in change.items() if c is None]:
            files.pop(gone, None)
