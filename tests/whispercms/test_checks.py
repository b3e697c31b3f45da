from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.urls import get_resolver

from whispercms import servers


def found(*, console: bool = False, debug: bool = False, **web: Any) -> set[str]:
    instance = replace(settings.INSTANCE, console=console)
    instance = replace(instance, web=replace(instance.web, **web))
    get_resolver().url_patterns  # noqa: B018  # Read once in a process: as the settings are.
    with override_settings(INSTANCE=instance, DEBUG=debug):
        ids = {str(each.id) for each in run_checks()}
    return {each for each in ids if each.startswith("whispercms.")}


def test_an_installation_as_it_is_delivered_has_nothing_to_say() -> None:
    assert found() == set()


def test_a_server_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(servers.SERVERS["hypercorn"], name="nowhere_to_be_found")
    monkeypatch.setattr(servers, "SERVERS", {**servers.SERVERS, "hypercorn": absent})
    assert found(server="hypercorn") == {"whispercms.W001"}


def test_a_console_has_one_process() -> None:
    assert found(console=True, processes=2) == {"whispercms.W002"}
    assert found(console=True, processes=1) == found(processes=2) == set()


def test_debug_headers_are_for_development() -> None:
    assert found(debug_headers=True) == {"whispercms.W003"}
    assert found(debug_headers=True, debug=True) == set()


def test_measures_for_everybody_are_told() -> None:
    assert found(metrics="all") == {"whispercms.W004"}
    assert found(metrics="local") == set()
