"""Who may make a change, by what a file is before and after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.extensions.authorising import PolicyDenied
from apps.gitsync.permitting import permit, visibility_in
from apps.policy.entities import Person
from apps.runtime.workers import Workers
from tests.console.stage import may
from tests.console.writing.desk import BESIDE, BUNDLE, ONE, Desk
from tests.console.writing.desk import desk as opened

ADA = Person("ada")
DRAFT, PUBLIC = b"---\ndraft: true\n---\n", b"---\ntitle: One\n---\n"


@pytest.fixture
def desk(tmp_path: Path, workers: Workers, renderer: Renderer) -> Iterator[Desk]:
    with opened(tmp_path, workers, renderer) as made:
        edits = 'permit (principal, action == Action::"edit", resource)'
        drafts = f'@id("d") {edits} when {{resource.draft}};'
        made.govern(may("principal", "read"), drafts)
        yield made


def test_whoever_may_change_drafts_cannot_publish_one(desk: Desk, renderer: Renderer) -> None:
    permit(ADA, {BUNDLE: DRAFT, "content/new.md": DRAFT}, renderer)
    permit(ADA, {BUNDLE: None}, renderer)
    for files in ({BUNDLE: PUBLIC}, {"content/new.md": PUBLIC}, {ONE: None}, {ONE: DRAFT}):
        with pytest.raises(PolicyDenied):
            permit(ADA, {"content/other.md": DRAFT, **files}, renderer)


def test_files_are_as_public_as_the_document_beside_them(desk: Desk, renderer: Renderer) -> None:
    desk.repository.commit({"media/seen.txt": "seen"})
    desk.site.sync()
    permit(ADA, {BESIDE: None}, renderer)
    for content in (None, b"other"):
        with pytest.raises(PolicyDenied):
            permit(ADA, {"media/seen.txt": content}, renderer)


@pytest.mark.long
def test_what_is_a_draft_follows_the_layout(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    files = {"_config.yml": "title: A\n", "_posts/2020-01-01-a.md": "---\ntitle: A\n---\n"}
    with opened(tmp_path, workers, renderer, files):
        for path, text, found in (
            ("_posts/2020-01-01-a.md", "---\npublished: false\n---\n", "draft"),
            ("_posts/2020-01-01-a.md", "---\npublished: true\n---\n", "public"),
            ("_drafts/a.md", "---\ntitle: A\n---\n", "draft"),
            ("assets/a.png", "draft: true", "public"),
        ):
            assert visibility_in(path, text.encode(), renderer) == found, path
