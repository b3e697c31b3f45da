from apps.delivery.traces import STEPS_EACH, UNTOLD, Step, Trace


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


def test_one_extension_cannot_fill_the_log() -> None:
    trace = Trace()
    for number in range(STEPS_EACH + 50):
        trace.note("loud", "dropped", str(number))
    trace.note("quiet", "dropped", "once")
    assert [step.by for step in trace.steps] == ["loud"] * (STEPS_EACH + 1) + ["quiet"]
    assert trace.steps[STEPS_EACH].detail == UNTOLD


def test_two_requests_share_nothing() -> None:
    one, other = Trace(), Trace()
    one.failure("x", "y")
    assert (other.steps, other.failed) == ([], set())
