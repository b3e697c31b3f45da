"""Changes that nobody else has seen are taken back, one file at a time."""

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.writing.publication import UNCHANGED
from apps.gitsync.writing.taking_back import before, take_back
from tests.gitsync.consoles import ONE, Console
from tests.scribes import OWN

PATH = "content/one.md"


def taken_back(console: Console, path: str) -> str:
    base = console.at.own or ""
    return take_back(console.source, path, base=base, author=console.author, merges=OWN)


@pytest.mark.long
def test_a_changed_file_is_as_before_and_an_added_one_is_gone(ada: Console) -> None:
    ada.save(PATH, ONE.replace("first", "regretted"))
    ada.save("content/two.md", "# Two\n")
    assert before(ada.source, PATH)[1] == ONE.encode()
    taken_back(ada, PATH)
    commit = taken_back(ada, "content/two.md")
    assert ada.git.resolve(f"{commit}^{{tree}}") == ada.git.resolve(f"{ada.at.theirs}^{{tree}}")
    assert ada.publish().state != UNCHANGED


@pytest.mark.long
def test_what_was_removed_is_there_again(ada: Console) -> None:
    ada.save(PATH, None)
    assert ada.text_of(PATH, taken_back(ada, PATH)) == ONE


def test_a_file_without_an_own_change_is_refused(ada: Console) -> None:
    ada.save("content/two.md", "# Two\n")
    own = ada.at.own
    for path in (PATH, "content/none.md", "../x"):
        with pytest.raises(GitFault):
            taken_back(ada, path)
    assert ada.at.own == own
