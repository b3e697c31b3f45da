"""What is told of syncs that were refused: each new reason, once."""

from apps.gitsync.models import SyncRun
from whispercms.refused_runs import SECONDS, RefusedRuns


class Record:
    """The latest run of a node, and what is told as time goes on."""

    def __init__(self) -> None:
        self.latest: SyncRun | None = None
        self.asked, self.now = 0, 0.0
        self.refused = RefusedRuns(self._ask)

    def _ask(self) -> SyncRun | None:
        self.asked += 1
        return self.latest

    def told(self, pk: int, state: str, reason: str = "", code: str = "") -> str | None:
        self.now += SECONDS
        problems = [{"code": code}] if state == "refused" else []
        report = {"problems": problems, **({"error": code} if state == "failed" else {})}
        run = SyncRun(pk=pk, state=state, reason=reason, branch="main", new="c1", report=report)
        self.latest = run
        news = self.refused.news(self.now)
        return f"{news['state']} {news['code']}: {news['reason']}" if news else None


def test_each_new_reason_is_told_once() -> None:
    record = Record()
    assert record.told(1, "applied") is None
    assert record.told(2, "refused", "bad", "config.syntax") == "refused config.syntax: bad"
    assert record.told(2, "refused", "bad", "config.syntax") is None
    assert record.told(3, "refused", "bad", "config.syntax") is None
    assert record.told(4, "failed", "gone", "remote.slow") == "failed remote.slow: gone"
    assert record.told(5, "unchanged") is None
    assert record.told(6, "failed", "gone", "remote.slow") == "failed remote.slow: gone"


def test_without_a_run_there_is_nothing_to_tell() -> None:
    record = Record()
    assert record.refused.news(0.0) is None


def test_the_record_is_asked_every_now_and_then_only() -> None:
    record = Record()
    for tenth in range(int(SECONDS * 10)):
        record.refused.news(tenth / 10)
    assert record.asked == 1
