"""Refusals cannot fill the log."""

from structlog.testing import capture_logs

from apps.delivery.ingress.bounds import TELL_SECONDS
from apps.delivery.ingress.telling import Telling


def test_the_first_is_told_at_once_and_the_next_together() -> None:
    now = [0.0]
    telling = Telling(lambda: now[0])
    with capture_logs() as lines:
        for _ in range(1000):
            telling.note(405)
        telling.note(421)
        now[0] = TELL_SECONDS
        telling.note(421)
    assert [{k: v for k, v in each.items() if k.startswith("status_")} for each in lines] == [
        {"status_405": 1},
        {"status_405": 999, "status_421": 2},
    ]
