from collections import OrderedDict

from apps.delivery.sparing import SPARED, next_out


def row_of(used: set[int], length: int) -> tuple[OrderedDict[int, None], set[int]]:
    return OrderedDict.fromkeys(range(length)), used


def went(row: OrderedDict[int, None], used: set[int]) -> int:
    def spares(key: int) -> bool:
        was_used = key in used
        used.discard(key)
        return was_used

    return next_out(row, spares)


def test_the_first_that_was_not_used_gives_way_and_the_others_go_to_the_end() -> None:
    row, used = row_of({0, 1, 3}, 5)
    assert went(row, used) == 2
    assert [*row] == [2, 3, 4, 0, 1] and used == {3}


def test_where_all_were_used_the_first_goes_once_each_was_spared() -> None:
    row, used = row_of({0, 1, 2}, 3)
    assert went(row, used) == 0 and used == set()


def test_no_more_are_looked_at_than_so_many() -> None:
    row, used = row_of(set(range(1000)), 1000)
    assert went(row, used) == SPARED and len(used) == 1000 - SPARED
