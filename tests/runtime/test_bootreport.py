import json

from apps.runtime.bootreport import BootReport, Step


def test_a_report_names_its_steps_in_order_with_their_times() -> None:
    sandbox = Step("sandbox", "start", 0.5, values={"seccomp": "proved"})
    report = BootReport((Step("storage", "load", 0.25, "up to date"), sandbox))
    assert report.seconds == 0.75
    assert json.loads(json.dumps(report.as_json())) == {
        "ready": True,
        "seconds": 0.75,
        "failure": "",
        "steps": [
            {
                "name": "storage",
                "phase": "load",
                "seconds": 0.25,
                "detail": "up to date",
                "values": {},
            },
            {
                "name": "sandbox",
                "phase": "start",
                "seconds": 0.5,
                "detail": "",
                "values": {"seccomp": "proved"},
            },
        ],
    }


def test_a_failed_start_up_is_not_ready() -> None:
    report = BootReport((), "storage: no space left")
    assert report.as_json()["ready"] is False
    assert report.as_json()["failure"] == "storage: no space left"
    assert report.seconds == 0
