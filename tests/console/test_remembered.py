"""What came of long work is for whom it was done, bounded, and forgotten in the end."""

from time import monotonic, sleep

from apps.console.remembered import Remembered

LONG = 3600.0


def test_it_is_found_by_its_owner_alone() -> None:
    kept = Remembered[str](2, LONG)
    kept.put("a", "ada", "published")
    assert kept.find("ada", "a") == "published"
    assert kept.find("bob", "a") is None and kept.find("ada", "b") is None


def test_the_oldest_gives_way() -> None:
    kept = Remembered[int](2, LONG)
    for number in range(3):
        kept.put(str(number), "ada", number)
    assert [kept.find("ada", str(number)) for number in range(3)] == [None, 1, 2]


def test_nothing_stays_for_ever() -> None:
    kept, end = Remembered[str](2, 0.0), monotonic() + 10
    kept.put("a", "ada", "published")
    while kept.find("ada", "a"):
        assert monotonic() < end
        sleep(0.001)
