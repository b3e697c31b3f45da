"""What became of an extension is told from Git: its files at a commit, its versions, the acts."""

import pytest

from apps.extensions.finding import SITE
from apps.extensions.limits import FILE_BYTES
from apps.gitsync.errors import GitFault
from apps.gitsync.writing.extension_versions import acts, extension_at, numbers, versions
from tests.sites import SiteRepository

TOML, LUA = "plugins/toc/plugin.toml", "plugins/toc/main.lua"
TRAILER = "Extension: plugin:toc"


def test_versions_are_the_commits_that_changed_its_files(repository: SiteRepository) -> None:
    one = repository.commit({TOML: 'version = "1.0.0"\n', LUA: "", "a.md": ""}, message="One\n")
    repository.commit({"a.md": "more", "plugins/toc-two/main.lua": ""})
    two = repository.commit({LUA: "-- more", TOML: "version = 2\n"})
    three = repository.commit({LUA: None, TOML: "[["})
    found = versions(repository.git, three, "plugin", "toc", limit=9)
    assert [each.commit for each in found] == [three, two, one] and found[-1].cause == "One"
    assert [e.commit for e in versions(repository.git, two, "plugin", "toc", limit=1)] == [two]
    told = numbers(repository.git, [one, two, three], "plugin", "toc")
    assert told == {one: "1.0.0"}


def test_its_files_are_those_of_the_commit(repository: SiteRepository) -> None:
    one = repository.commit({TOML: "a", LUA: "b", "plugins/toc/tests/x.toml": "c"})
    repository.commit({LUA: "other"})
    found = extension_at(repository.git, one, "plugin", "toc")
    assert found and (found.key, found.origin) == ("plugin:toc", SITE)
    assert found.files == {"plugin.toml": b"a", "main.lua": b"b", "tests/x.toml": b"c"}
    assert extension_at(repository.git, one, "theme", "toc") is None
    big = repository.commit({LUA: b"x" * (FILE_BYTES + 1)})
    with pytest.raises(GitFault):
        extension_at(repository.git, big, "plugin", "toc")


def test_acts_are_those_that_say_so_in_their_trailer(repository: SiteRepository) -> None:
    repository.commit({"a": "1"}, message=f"Not this\n\n{TRAILER}-two\n")
    repository.commit({"a": "2"}, message=f"{TRAILER} is no trailer here\n\nbut text\n")
    own = repository.commit({"a": "3"}, message=f"Enable plugin toc\n\nCause: x\n{TRAILER}\n")
    last = repository.commit({"a": "4"})
    assert [each.commit for each in acts(repository.git, last, "plugin", "toc", limit=9)] == [own]
