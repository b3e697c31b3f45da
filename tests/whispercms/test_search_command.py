"""`manage.py search`: what people read, what programs read, and exit codes."""

import json
from io import StringIO

from django.core.management import call_command
from django.test import override_settings

from tests.sites import CONFIG, Site, SiteRepository

FILES = {
    "config.toml": CONFIG,
    "content/heron.md": "---\ntitle: Heron\ndate: 2020-01-02\n---\nIt stands at the weir.\n",
    "content/owl.md": "---\ntitle: Owl\ndate: 2020-01-01\n---\nA heron it is not.\n",
    "content/draft.md": "---\ntitle: Draft\ndraft: true\n---\nA heron too.\n",
}


def run(site: Site, *words: str) -> tuple[int, str]:
    out = StringIO()
    with override_settings(SITE_FILES=site.files):
        try:
            call_command("search", *words, stdout=out)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_it_says_what_visitors_find(repository: SiteRepository, site: Site) -> None:
    assert run(site, "heron")[0] == 4
    repository.commit(FILES)
    site.sync()
    code, text = run(site, "heron")
    assert code == 0
    assert text.splitlines()[:2] == ["Heron  /heron/", "    It stands at the weir."]
    assert text.splitlines()[-1] == "2 found"
    assert run(site, "heron", "--limit", "1")[1].endswith("2 found, 1 of them not shown\n")
    assert "its last word goes on" in run(site, "hero")[1]
    assert run(site, "zebra") == (1, "nothing found\n")
    found = json.loads(run(site, "heron", "--json", "--limit", "1")[1])
    (hit,) = found.pop("hits")
    assert found == {"query": "heron", "total": 2, "widened": False}
    assert (hit["title"], hit["url"], hit["path"]) == ("Heron", "/heron/", "content/heron.md")
    assert hit["snippet"] == [{"text": "It stands at the weir.", "marked": False}]
