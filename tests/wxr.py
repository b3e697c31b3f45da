"""Builds exports of WordPress as WordPress writes them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Old</title>
<link>https://old.example</link>
<description></description>
<language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
TAIL = "</channel>\n</rss>\n"
ADA = (
    "<wp:author><wp:author_login>ada</wp:author_login>"
    "<wp:author_email>ada@private.example</wp:author_email>"
    "<wp:author_display_name><![CDATA[Ada Lovelace]]></wp:author_display_name></wp:author>\n"
)


def cdata(text: str) -> str:
    """As `wxr_cdata` does."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def item(number: int = 1, **said: Any) -> str:
    """A published post, but for what is said."""
    slug = said.get("slug", f"post-{number}")
    fields = {
        "title": f"Post {number}",
        "link": f"https://old.example/{slug}/",
        "creator": "ada",
        "guid": f"https://old.example/?p={number}",
        "body": "Hello",
        "excerpt": "",
        "date": "2020-05-06 09:00:00",
        "date_gmt": "2020-05-06 07:00:00",
        "slug": slug,
        "status": "publish",
        "parent": 0,
        "order": 0,
        "type": "post",
        "password": "",
        "sticky": 0,
        "more": "",
        **said,
    }
    texts = {name: cdata(str(value)) for name, value in fields.items()}
    return ITEM.format(**{**texts, "more": fields["more"], "number": number})


ITEM = """<item>
<title>{title}</title><link>{link}</link><dc:creator>{creator}</dc:creator>
<guid isPermaLink="false">{guid}</guid><description></description>
<content:encoded>{body}</content:encoded><excerpt:encoded>{excerpt}</excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{date}</wp:post_date>
<wp:post_date_gmt>{date_gmt}</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name>
<wp:status>{status}</wp:status><wp:post_parent>{parent}</wp:post_parent>
<wp:menu_order>{order}</wp:menu_order><wp:post_type>{type}</wp:post_type>
<wp:post_password>{password}</wp:post_password><wp:is_sticky>{sticky}</wp:is_sticky>
{more}</item>
"""


def term(taxonomy: str, slug: str, name: str) -> str:
    """Of an item."""
    return f'<category domain="{taxonomy}" nicename="{slug}">{cdata(name)}</category>'


def category(slug: str, name: str, parent: str = "") -> str:
    """Of the whole site."""
    return (
        f"<wp:category><wp:term_id>7</wp:term_id><wp:category_nicename>{slug}"
        f"</wp:category_nicename><wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>\n"
    )


def meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
    )


def comment(number: int, text: str, approved: str = "1") -> str:
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>"
        f"<wp:comment_author>{cdata('Bob')}</wp:comment_author>"
        "<wp:comment_author_email>bob@private.example</wp:comment_author_email>"
        "<wp:comment_author_IP>203.0.113.9</wp:comment_author_IP>"
        "<wp:comment_date>2020-05-07 09:00:00</wp:comment_date>"
        "<wp:comment_date_gmt>2020-05-07 07:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content>{cdata(text)}</wp:comment_content>"
        f"<wp:comment_approved>{approved}</wp:comment_approved></wp:comment>"
    )


def attachment(number: int, relative: str, **said: Any) -> str:
    url = f"https://old.example/wp-content/uploads/{relative}"
    more = f"<wp:attachment_url>{url}</wp:attachment_url>{said.pop('more', '')}"
    given = {"type": "attachment", "status": "inherit", "body": "", "more": more, **said}
    return item(number, **given)


def export(*parts: str) -> bytes:
    return f"{HEAD}{ADA}{''.join(parts)}{TAIL}".encode()


def write(folder: Path, parts: Iterable[str]) -> Path:
    path = folder / "export.xml"
    path.write_bytes(export(*parts))
    return path
