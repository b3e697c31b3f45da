"""What of a site is shown in the console can do nothing there."""

import pytest
from django.http import HttpResponse

from apps.console.csp import HEADER
from apps.console.framing import NO_ORIGIN, OPENER, PAGE, SEEN, TRIED, dressed
from apps.delivery.replies import PAGE_POLICY


def rules(policy: str) -> dict[str, str]:
    parts = (each.strip().partition(" ") for each in policy.split(";"))
    return {name: rest for name, _space, rest in parts}


@pytest.mark.parametrize("policy", [NO_ORIGIN, SEEN, TRIED])
def test_nothing_in_a_frame_runs_is_sent_or_leads_elsewhere(policy: str) -> None:
    found = rules(policy)
    for name in ("default-src", "form-action", "base-uri"):
        assert found[name] == "'none'"
    assert found["style-src"] == found["font-src"] == found["frame-ancestors"] == "'self'"
    assert found["sandbox"] in ("", "allow-same-origin")
    assert not {"script-src", "connect-src", "frame-src", "object-src"} & set(found)
    assert "unsafe" not in policy


def test_it_looks_as_for_visitors_without_what_acts() -> None:
    site = rules(PAGE_POLICY)
    acting = {"script-src", "connect-src"}
    assert acting <= set(site)
    assert rules(PAGE) == {k: v for k, v in site.items() if k not in acting} | {
        "form-action": "'none'"
    }


def test_of_what_is_tried_no_other_host_hears() -> None:
    assert "https:" in PAGE and "https:" not in TRIED


@pytest.mark.parametrize("framed_only", [True, False])
def test_nobody_keeps_it_and_a_tab_of_its_own_is_said_to_be_fine(framed_only: bool) -> None:
    answer = dressed(HttpResponse(), SEEN, framed_only=framed_only)
    assert answer[HEADER] == SEEN and answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (answer.headers.get(OPENER) == "unsafe-none") is not framed_only
