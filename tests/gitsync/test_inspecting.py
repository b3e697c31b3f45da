import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.gitsync.errors import RemoteFault
from apps.gitsync.inspecting import SHOWN, Inspection, inspected
from tests.content.layouts import jekyll_site
from tests.content.layouts.hugo_site import FILES
from tests.sites import Site, SiteRepository


def look(site: Site, repository: SiteRepository, branch: str | None = None) -> Inspection:
    return inspected(site.local, repository.path, branch, lambda _: None)


def test_what_is_recognised_and_what_would_be_lost_is_told(
    repository: SiteRepository, site: Site
) -> None:
    more = {
        "content/a.md": "---\ntitle: A\n---\n{{< youtube x >}} {{< youtube y >}} {{% note %}}\n",
        "content/broken.md": "---\ntitle: [\n---\n",
    }
    repository.commit({**FILES, **more})
    found = look(site, repository)
    assert (found.layout, found.known_by) == ("hugo", "there is hugo.toml")
    assert (found.title, found.base_url) == ("A Hugo site", "https://example.org")
    assert found.lost is not None
    assert found.tally is not None
    assert found.lost.fragments == {"youtube": 2, "note": 1}
    assert found.lost.programs == ("archetypes", "assets", "data", "layouts")
    assert found.lost.keys == ("enablerobotstxt", "security")
    assert found.lost.problems["markup.not-run"] == found.lost.problems["front-matter.syntax"] == 1
    assert (found.tally.drafts, found.tally.private) == (1, 2)
    assert found.tally.redirects == 3
    assert len(found.urls) == SHOWN
    assert found.urls[0] == "/"


def test_it_tells_what_a_sync_tells(repository: SiteRepository, site: Site) -> None:
    repository.commit(jekyll_site.FILES)
    found, synced = look(site, repository), site.sync()
    assert found.report.problems == synced.problems
    assert (found.report.digest, found.report.parsed) == (synced.digest, synced.parsed)


def test_nothing_of_the_node_changes(repository: SiteRepository, site: Site) -> None:
    repository.commit(jekyll_site.FILES)
    site.sync()
    before = {path: path.stat().st_mtime_ns for path in site.source.folder.rglob("*")}
    look(site, repository)
    after = {path: path.stat().st_mtime_ns for path in site.source.folder.rglob("*")}
    assert after == before


def test_a_commit_that_cannot_be_served_is_told_with_its_reasons(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": "[whispercms]\ncolour = 1\n", "content/a.md": "# A\n"})
    found = look(site, repository).as_json()
    assert found["state"] == "refused"
    assert [problem["code"] for problem in found["problems"]] == ["config.unknown-key"]


def test_another_branch_can_be_looked_at(repository: SiteRepository, site: Site) -> None:
    repository.commit({"README.md": "# Plain\n"})
    repository.commit({"_config.yml": "title: J\n", "index.md": "---\n---\nHi\n"}, branch="next")
    assert look(site, repository).layout == "plain"
    assert look(site, repository, "next").layout == "jekyll"


def test_steps_are_told_as_they_begin(repository: SiteRepository, site: Site) -> None:
    repository.commit({"README.md": "# Plain\n"})
    steps: list[str] = []
    inspected(site.local, repository.path, None, steps.append)
    assert steps[0] == "fetch"
    assert "parse" in steps


def test_a_remote_that_is_none_is_refused(site: Site, tmp_path: Path) -> None:
    for remote in ("--upload-pack=x", "ext::sh", "relative/path"):
        with pytest.raises(RemoteFault):
            inspected(site.local, remote, None, lambda _: None)
    with pytest.raises(RemoteFault):
        inspected(site.local, str(tmp_path / "nothing"), None, lambda _: None)


@pytest.mark.long
def test_the_command_answers_people_and_programs(repository: SiteRepository) -> None:
    repository.commit({"_config.yml": "title: J\n", "index.md": "---\n---\n{{ x }}\n"})
    out = io.StringIO()
    call_command("inspect", repository.path, "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["state"], found["layout"], found["lost"]["fragments"]) == (
        "readable",
        "jekyll",
        {"x": 1},
    )
    out = io.StringIO()
    call_command("inspect", repository.path, stdout=out)
    assert "layout: jekyll (there is _config.yml)" in out.getvalue()
    assert "shown as written, not run: 1 fragments (x 1)" in out.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("files", [{"README.txt": "no site\n"}, None])
def test_the_command_s_exit_code_says_what_went_wrong(
    repository: SiteRepository, tmp_path: Path, files: dict[str, str | bytes | None] | None
) -> None:
    if files:
        repository.commit(files)
    remote = repository.path if files else str(tmp_path / "nothing")
    with pytest.raises(SystemExit) as caught:
        call_command("inspect", remote, "--json", stdout=io.StringIO())
    assert caught.value.code == (1 if files else 3)


def test_a_layout_that_is_configured_is_told_as_such(
    repository: SiteRepository, site: Site
) -> None:
    config = '[whispercms]\nlayout = "jekyll"\n'
    repository.commit({"config.toml": config, "index.md": "---\n---\nHi\n"})
    assert look(site, repository).known_by == "config.toml says so"
