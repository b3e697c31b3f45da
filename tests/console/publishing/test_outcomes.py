"""What came of long work is for whom it was done, and not kept for ever."""

from apps.console.publishing.bounds import OUTCOMES
from apps.console.publishing.outcomes import find, keep


def test_it_is_found_by_whom_it_is_for_alone() -> None:
    name = keep("ada", "published")
    assert find("ada", name) == "published"
    assert find("bob", name) is None and find("ada", "other") is None


def test_the_oldest_goes_when_there_are_too_many() -> None:
    names = [keep("ada", number) for number in range(OUTCOMES + 1)]
    assert find("ada", names[0]) is None
    assert [find("ada", name) for name in names[1:]] == list(range(1, OUTCOMES + 1))
