"""Whatever an author writes, feeds stay valid and the data of a page stays data."""

import json
import re
from typing import Any

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.delivery import xml
from tests.delivery.software import validators
from tests.themes import stage

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PIECES = ("]]>", "</script>", "<!--", "-->", "&amp;", '"', "\\", "😀", "{{ 7 * 7 }}", "\u2028", "é")
CONTROLS = st.sampled_from(["\x00", "\x0b", "\x1f", "\x7f", "\ufffe"])
TEXTS = st.lists(
    st.sampled_from(PIECES) | CONTROLS | st.text(st.characters(codec="utf-8"), max_size=4),
    max_size=5,
).map(lambda parts: "a" + "".join(parts))
FORMS = {
    "atom.xml": ("application/atom+xml", validators.atom),
    "rss.xml": ("application/rss+xml; charset=utf-8", validators.rss),
    "feed.json": ("application/feed+json", validators.jsonfeed),
}


def given_values(text: str) -> dict[str, Any]:
    page = stage.page(
        title=text,
        description=text,
        authors=[f"by {text}"],
        body=f"<p>{text}</p>",
        terms=[{"taxonomy": "tags", "name": text, "url": None}],
    )
    site = stage.site(title=f"Site {text}", description=text)
    return {"site": site, "list": stage.listing(0, items=[page])}


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_every_feed_of_any_text_is_valid(text: str) -> None:
    for template, (type_, wrong) in FORMS.items():
        values = stage.context("feed", **given_values(text))
        assert wrong(xml.fit(stage.render("feed", template, values), type_)) == [], template


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_a_json_feed_holds_the_very_text(text: str) -> None:
    values = stage.context("feed", **given_values(text))
    (item,) = json.loads(stage.render("feed", "feed.json", values))["items"]
    assert (item["title"], item["content_html"]) == (text, f"<p>{text}</p>")


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_the_data_of_a_page_is_data_whatever_its_words_are(text: str) -> None:
    values = given_values(text)
    page = values["list"]["items"][0] | {"breadcrumbs": [{"title": text, "url": "/"}]}
    given_ = stage.context("plain", site=values["site"], page=page, body="")
    (found,) = DATA.findall(stage.render("plain", "document.html", given_))
    graph = json.loads(found)["@graph"]
    assert [each["@type"] for each in graph] == ["WebSite", "BlogPosting", "BreadcrumbList"]
    assert graph[1]["headline"] == graph[1]["description"] == text
    assert "<" not in found


def test_a_description_of_rss_is_html_so_that_a_text_is_escaped_twice() -> None:
    values = stage.context("feed", **given_values("1 < 2 & <b>"))
    read = feedparser.parse(stage.render("feed", "rss.xml", values))
    assert read.entries[0].summary == "1 &lt; 2 &amp; &lt;b&gt;"
