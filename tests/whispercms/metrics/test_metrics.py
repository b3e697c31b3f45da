import os
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from apps.delivery.measures import BUCKETS, Kind, Measures, Outcome
from apps.delivery.replies import Reply
from apps.runtime.counts import Counts
from tests import docs
from whispercms.metrics import families, reading
from whispercms.metrics.families import FAMILIES, Sample
from whispercms.metrics.metrics import Metrics, Read
from whispercms.metrics.sharing import Shared

COUNTS = Counts(calls=6, answers=1, timeouts=2, deaths=3, bad_frames=0, errors=0, replacements=4)


def told(reply: Reply) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    assert isinstance(reply.body, bytes)
    found = text_string_to_metric_families(reply.body.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in found
        for sample in family.samples
    }


def test_a_scraper_reads_what_was_counted() -> None:
    measures = Measures()
    measures.add(Kind("plain/document", Outcome.HIT, 200), BUCKETS[0])
    measures.add(Kind("plain/document", Outcome.HIT, 304), BUCKETS[-1] + 1)
    metrics = Metrics(
        lambda: reading.of_requests(measures), lambda: reading.of_workers({"p": COUNTS}), _node
    )
    found = told(metrics.reply())
    where = (("outcome", "hit"), ("route", "plain/document"))
    assert found["whispercms_request_seconds_count", where] == 2
    first = (("le", str(BUCKETS[0])), *where)
    assert found["whispercms_request_seconds_bucket", tuple(sorted(first))] == 1
    assert found["whispercms_responses_total", (("outcome", "hit"), ("status", "304"))] == 1
    assert found["whispercms_requests_under_way", ()] == 0
    assert found["whispercms_worker_calls_total", (("ending", "deaths"), ("pool", "p"))] == 3
    assert found["whispercms_worker_replacements_total", (("pool", "p"),)] == 4
    assert found["whispercms_tasks_waiting", ()] == 7


def test_of_several_processes_any_answers_for_all_and_never_less_than_before(
    tmp_path: Path,
) -> None:

    parent, processes = os.getppid(), (os.getpid(), os.getppid())
    counted = [Measures(), Measures()]
    made = []
    for measures, process in zip(counted, processes, strict=True):
        shared = Shared(tmp_path / "metrics", parent, process)
        shared.begin()
        made.append(Metrics(_reading(measures), tuple, _node, shared=shared))
    key = ("whispercms_responses_total", (("outcome", "hit"), ("status", "200")))
    said = []
    for number in range(6):
        counted[number % 2].add(Kind("a/b", Outcome.HIT, 200), 0.1)
        said.append(told(made[number % 3 % 2].reply()).get(key, 0))
    assert said == sorted(said)
    for each in made:
        each.stop()
    assert told(made[0].reply())[key] == told(made[1].reply())[key] == 6


def _reading(measures: Measures) -> Read:
    return lambda: reading.of_requests(measures)


def test_only_who_may_know_is_told() -> None:
    local = Metrics(tuple, tuple, _node)
    assert local.is_for(local=True) and not local.is_for(local=False)
    assert Metrics(tuple, tuple, _node, for_all=True).is_for(local=False)


def test_all_that_is_measured_is_told_in_the_docs() -> None:
    rows = docs.table("servers.md", "Metrics")
    suffixes = {families.Kind.COUNTER: "_total"}
    assert docs.first_codes(rows) == [each.name + suffixes.get(each.kind, "") for each in FAMILIES]
    for row, family in zip(rows, FAMILIES, strict=True):
        assert docs.codes(row[1]) == list(family.labels), family.name


def _node(now: float) -> list[Sample]:
    assert now > 0
    return [Sample(families.TASKS_WAITING, (), 7)]
