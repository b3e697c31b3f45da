import threading

from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.measures import BUCKETS, OTHER, ROWS, Kind, Measures, Outcome, Times

HIT = Kind("plain/document", Outcome.HIT, 200)


def test_an_answer_falls_into_the_bucket_that_bounds_it() -> None:
    measures = Measures()
    for seconds in (0.0, BUCKETS[0], BUCKETS[0] + 1e-9, BUCKETS[-1], BUCKETS[-1] + 1):
        measures.add(HIT, seconds)
    times = measures.taken().times[HIT]
    assert times.counts == (2, 1, *[0] * (len(BUCKETS) - 3), 1, 1)
    assert abs(times.seconds - (2 * BUCKETS[0] + 2 * BUCKETS[-1] + 1)) < 1e-6


def test_what_ended_threads_counted_stays_counted() -> None:
    measures = Measures()

    def count() -> None:
        measures.begin()
        measures.add(HIT, 0.001)
        measures.end()

    for _ in range(3):
        thread = threading.Thread(target=count)
        thread.start()
        thread.join()
        assert measures.taken().under_way == 0
    count()
    assert sum(measures.taken().times[HIT].counts) == 4
    assert len(measures._threads) == 1


def test_one_may_begin_in_a_thread_and_end_in_another() -> None:
    measures = Measures()
    measures.begin()
    assert measures.taken().under_way == 1
    thread = threading.Thread(target=measures.end)
    thread.start()
    thread.join()
    assert measures.taken().under_way == 0


def test_names_have_a_bound_and_nothing_is_lost_beyond_it() -> None:
    measures = Measures()
    for number in range(ROWS + 50):
        measures.add(Kind(f"theme/{number}", Outcome.MISS, 200), 0.001)
    times = measures.taken().times
    assert len(times) == ROWS + 1
    assert sum(times[Kind(OTHER, Outcome.MISS, 200)].counts) == 50
    assert sum(sum(each.counts) for each in times.values()) == ROWS + 50


@given(st.lists(st.floats(0, 10), max_size=20), st.lists(st.floats(0, 10), max_size=20))
def test_times_add_up(first: list[float], second: list[float]) -> None:
    assert _times(first + second).counts == (_times(first) + _times(second)).counts


def _times(seconds: list[float]) -> Times:
    measures = Measures()
    measures.add(HIT, 0)
    for each in seconds:
        measures.add(HIT, each)
    found = measures.taken().times[HIT]
    return Times((found.counts[0] - 1, *found.counts[1:]), found.seconds)
