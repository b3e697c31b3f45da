"""Cases and previews show what pages show."""

import pytest

from apps.delivery import context
from apps.delivery.observation import Observation, observe
from apps.delivery.replies import page
from apps.delivery.requests import PageRequest
from apps.extensions.capabilities import TOPICS
from apps.extensions.workshop import samples
from tests.sites import CONFIG, Site, SiteRepository


@pytest.fixture
def at(repository: SiteRepository, site: Site) -> Observation:
    text = "---\ntitle: One\ntags: [x]\ndate: 2026-01-01\n---\n"
    repository.commit({"config.toml": CONFIG, "content/notes/one.md": text})
    site.sync()
    request = PageRequest("GET", "/notes/one/", "", (), "id")
    return observe(request, site.live.current().observing)


def test_the_sample_of_an_event_has_its_sections_and_fields(at: Observation, site: Site) -> None:
    served = site.live.current()
    event = context.event(at, served.context, served.routes, ())
    event["content"].pop("body")
    sample = samples.event("content.resolved")
    assert {n: s.keys() for n, s in sample.items()} == {n: s.keys() for n, s in event.items()}
    assert sample["content"]["terms"][0].keys() == event["content"]["terms"][0].keys()
    prepared = context.prepared(at, page(200, b""), served.context, ())
    sample = samples.event("response.prepared")
    assert {n: s.keys() for n, s in sample.items()} == {n: s.keys() for n, s in prepared.items()}


def test_the_sample_of_a_template_has_what_templates_see(at: Observation, site: Site) -> None:
    served = site.live.current()
    assert at.found
    values = context.template_context(at.found, served.context, served.routes, {})
    sample = samples.template_values({"a": ("x",)})
    assert sample.keys() == values.keys() and sample["settings"] == {"a": ["x"]}
    assert sample["page"].keys() == samples.SECTION.keys() == values["page"].keys()
    assert sample["site"].keys() == values["site"].keys()
    request = PageRequest("GET", "/", "", (), "id")
    found = observe(request, served.observing).found
    assert found
    listed = context.template_context(found, served.context, served.routes, {})["list"]
    assert samples.LIST.keys() == listed.keys()
    assert samples.LIST["items"][0].keys() == listed["items"][0].keys()
    error = context.error_context(context.PageError(404, "", "", ""), served.context, {})
    assert samples.ERROR.keys() == error["error"].keys()


def test_every_event_has_a_sample() -> None:
    assert all(samples.event(topic)["site"] for topic in TOPICS)
    assert "system" in samples.event("system.started")
