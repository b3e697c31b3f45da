"""`manage.py checklinks`: what people read, what programs read, and exit codes."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.sites import CONFIG, ROOT, Site, SiteRepository


def run(site: Site, *words: str) -> tuple[int, str]:
    out = StringIO()
    where = {"main": (site.source, site.files)}
    with override_settings(
        SITE_SOURCE=site.source,
        SITE_FILES=site.files,
        SITE_ENVIRONMENTS=where,
        BUNDLED_EXTENSIONS=ROOT,
    ):
        try:
            call_command("checklinks", *words, stdout=out)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_links_that_lead_nowhere_are_named(repository: SiteRepository, site: Site) -> None:
    repository.commit({"config.toml": CONFIG, "content/a.md": "# A\n\n[b](b.md)\n"})
    site.sync()
    code, text = run(site)
    assert code == 1
    assert text.startswith("content/a.md:3: b.md leads to no file")
    found = json.loads(run(site, "--json")[1])["problems"]
    assert [(each["path"], each["code"]) for each in found] == [("content/a.md", "link.missing")]
    repository.commit({"content/b.md": "# B\n"})
    site.sync()
    assert run(site) == (0, "all links lead on\n")


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_node_that_serves_nothing_says_so(site: Site, words: tuple[str, ...]) -> None:
    code, text = run(site, *words)
    assert code == 4 and "syncrepo" in text
