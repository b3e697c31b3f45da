from apps.delivery.measures import BUCKETS, Times
from whispercms.metrics import families
from whispercms.metrics.adding import Rising, added, lasting
from whispercms.metrics.families import Labels, Number, Sample

POOL = ("theme:plain", "answers")


def calls(number: Number, labels: Labels = POOL) -> Sample:
    return Sample(families.CALLS, labels, number)


def test_the_same_of_several_processes_adds_up() -> None:
    other = calls(1, ("theme:plain", "deaths"))
    assert added([calls(2), other], [calls(3)], []) == [calls(5), other]


def test_histograms_add_up_bucket_by_bucket() -> None:
    one = Times((1, *[0] * len(BUCKETS)), 0.5)
    sample = Sample(families.SECONDS, ("plain/document", "hit"), one)
    (found,) = added([sample], [sample])
    assert found.value == Times((2, *[0] * len(BUCKETS)), 1.0)


def test_of_a_process_that_ended_what_it_did_lasts() -> None:
    room = Sample(families.CACHE_ENTRIES, (), 4)
    assert lasting([calls(2), room]) == [calls(2)]


def test_a_counter_that_begins_anew_goes_on_rising() -> None:
    rising = Rising()
    values = [rising.raised([calls(each)])[0].value for each in (5, 7, 0, 2, 1)]
    assert values == [5, 7, 7, 9, 10]


def test_a_counter_whose_owner_is_gone_stays() -> None:
    rising = Rising()
    rising.raised([calls(5)])
    assert rising.raised([]) == [calls(5)]
    assert rising.raised([]) == [calls(5)]
    assert rising.raised([calls(1)]) == [calls(6)]
