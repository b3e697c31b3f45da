"""What a person saves is kept, and told as kept, whatever this node makes of it."""

from html import unescape
from typing import Any

import pytest

from apps.console.node import node
from tests.console.behind import REFUSED, STORAGE, break_site, no_sync
from tests.console.writing.desk import TEXT, Desk

EDIT = "content_document_change"


def sent(desk: Desk, client: Any, body: str) -> str:
    """The page that one is led to."""
    form = desk.form(body=f"\n{body}\n", _continue="")
    return unescape(client.post(desk.url(EDIT), form, follow=True).content.decode())


def test_a_save_that_the_sync_refuses_is_told_as_kept_and_not_served(desk: Desk) -> None:
    break_site(desk.site.source)
    served = desk.commit
    page = sent(desk, desk.enter(), "New words.")
    assert (
        "Saved. It is kept here" in page and REFUSED in page and "Nothing was changed" not in page
    )
    assert desk.text() == TEXT.replace("One is here.", "New words.")
    assert desk.commit == served and "One is here." in desk.site.text("/posts/one/")


@pytest.mark.long
def test_a_save_that_the_node_cannot_follow_is_told_as_kept_and_not_served(desk: Desk) -> None:
    client = desk.enter()
    with no_sync(desk.site.source):
        page = sent(desk, client, "New words.")
        assert "Saved. It is kept here" in page and STORAGE in page
        assert "Nothing was changed" not in page
        assert "New words." in desk.text() and "One is here." in desk.site.text("/posts/one/")
    assert not node().follow().reason and "New words." in desk.site.text("/posts/one/")
