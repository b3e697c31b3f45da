"""What is asked and answered in docs/headless.md is so."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from apps.delivery.exporting import bounds, making, places
from tests import docs
from tests.sites import Site, SiteRepository, body
from whispercms.management.commands.exportsite import Command

ASKED = re.compile(r"```sh\ncurl -s '?(\S+?)'?\n```\n\n```json\n(.*?)```", re.S)


def is_within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and is_within(value, whole[key]) for key, value in part.items()
        )
    return bool(part == whole)


def test_what_is_asked_for_is_answered_so(repository: SiteRepository, site: Site) -> None:
    repository.commit(dict(docs.named_files("headless.md")))
    assert site.sync().problems == ()
    asked = ASKED.findall(docs.read("headless.md"))
    assert len(asked) >= 5
    for url, told in asked:
        parts = urlsplit(url)
        answer = json.loads(body(site.get(parts.path, query=parts.query)))
        assert is_within(json.loads(told), answer), url
    schema = json.loads(body(site.get("/api/schema.json")))
    rows = docs.table("headless.md", "What there is")
    resources = {code for row in rows for code in docs.codes(row[1])}
    assert resources | {"problem"} == {each["$ref"].rpartition("/")[2] for each in schema["oneOf"]}
    secret = [path for path in ("/api/hello/", "/api/") if "for us alone" in site.text(path)]
    assert secret == []


def test_the_options_and_codes_of_an_export_are_told() -> None:
    parser = Command().create_parser("manage.py", "exportsite")
    options = {each for action in parser._actions for each in action.option_strings}
    told = docs.first_codes(docs.tables(docs.part(docs.read("exporting.md"), "The next time"))[0])
    assert set(told) == {"--dry-run", "--verify", "--json"} <= options
    codes = docs.first_codes(docs.tables(docs.part(docs.read("exporting.md"), "The next time"))[2])
    assert set(codes) == {places.NAME, places.CLASH, making.FAILED}
    files = docs.tables(docs.part(docs.read("exporting.md"), "What is written"))[0]
    assert {bounds.NOT_FOUND, bounds.REDIRECTS} <= {c for row in files for c in docs.codes(row[1])}
