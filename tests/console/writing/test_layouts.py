"""Sites of other systems and sites with types are written as they are."""

from html import unescape
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.console.stage import EVERYBODY
from tests.console.writing.desk import ONE, Desk
from tests.console.writing.desk import desk as opened
from tests.console.writing.test_edit_pages import EDIT, got
from tests.console.writing.test_history_pages import made

pytestmark = pytest.mark.long
PAGE = "content/posts/a.md"
HUGO = {
    "hugo.toml": 'title = "A"\nbaseURL = "https://example.org/"\n[whispercms]\n',
    "policies/a.cedar": EVERYBODY,
    PAGE: "+++\r\ntitle = 'A' # kept\r\ndate = 2020-01-02T03:04:05Z\r\n+++\r\nText\r\n",
    "content/posts/b.md": "+++\ntitle = 'B'\n+++\nText\n",
}
TYPES = """
[whispercms]
title = "A test site"
[whispercms.types.post]
section = ["posts"]
[whispercms.types.post.fields.level]
type = "choice"
choices = ["easy", "hard"]
required = true
help = "How hard it is."
[whispercms.types.post.fields.cover]
type = "image"
"""


def test_hugos_own_keys_and_style_are_kept(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    with opened(tmp_path, workers, renderer, HUGO) as desk:
        client = desk.enter()
        later = {"state": "scheduled", "publish_at": "2099-01-02T03:04", "expires_at": ""}
        said = client.post(desk.url(EDIT, PAGE), {**desk.form(PAGE), **later, "_save": ""})
        assert said.status_code == 302, unescape(said.content.decode())
        line = "publishDate = 2099-01-02T03:04:00+00:00\r\n"
        assert desk.text(PAGE) == HUGO[PAGE].replace("+++\r\nText", f"{line}+++\r\nText")
        assert "Scheduled" in got(client, "/admin/content/document/?state=scheduled")
        assert made(client, title="New", folder="content/posts").status_code == 302
        assert desk.text("content/posts/new.md").startswith('+++\ntitle = "New"\ndate = 20')


def test_a_page_asks_for_the_fields_of_its_type(desk: Desk) -> None:
    desk.repository.commit({"config.toml": TYPES})
    desk.site.sync()
    client = desk.enter()
    page = got(client, desk.url(EDIT))
    assert "How hard it is." in page and "<option>easy</option>" in page
    assert page.index("Level") < page.index("Tags")
    sent = desk.form(**{"field:level": "hard", "_save": ""})
    assert client.post(desk.url(EDIT), sent).status_code == 302
    assert "level: hard\n" in desk.text(ONE) and "cover" not in desk.text(ONE)
