from apps.delivery.traces import Step, Trace


def test_what_happened_is_told_in_order() -> None:
    trace = Trace()
    trace.note("anchors", "dropped", "no such selector")
    trace.note("plain", "applied")
    assert trace.steps == [
        Step("anchors", "dropped", "no such selector"),
        Step("plain", "applied", ""),
    ]
    assert trace.failed == set()


def test_a_failure_is_told_and_marks_the_response() -> None:
    trace = Trace()
    trace.failure("reading-time", "took too long")
    trace.failure("reading-time", "again")
    assert trace.failed == {"reading-time"}
    assert [step.what for step in trace.steps] == ["failed", "failed"]


def test_two_requests_share_nothing() -> None:
    one, other = Trace(), Trace()
    one.failure("x", "y")
    assert (other.steps, other.failed) == ([], set())
