"""A site that shows all that a page can show, what happens to it, and what visitors may send."""

from typing import Any

from hypothesis import strategies

from apps.delivery.context import PageError, SiteContext, error_context
from tests.delivery.extending import Files, lock, plugin, theme

SHOWN = ("2030-03-18T00:00:00Z", "2030-03-20T00:00:00Z", "2030-03-25T12:00:00Z", "2020-01-01")
HEADER, METADATA = "read:request.header:accept-language", "propose:metadata"
SAYS = 'propose.metadata("language", event.request.headers["accept-language"] or "none")'
FAILS = 'if event.content:word_count() % 2 == 0 then error("even") end\npropose.metadata("n", 1)'
MARKS = 'propose.header("x-marked", "yes")'
TOLD_TO_TEMPLATES = sorted(error_context(PageError(404, "", ""), SiteContext({}, {}), {}))
ALL = "".join(f"<p>{{{{ {name}|tojson }}}}</p>" for name in TOLD_TO_TEMPLATES)
"""Whatever a template is ever told."""
DOCUMENT = "<main>{{ body }}</main>" + ALL
ROUTES = """
[settings.footer]
type = "string"
default = "below"
[[routes]]
name = "document"
kind = "page"
path = "/{path}/"
template = "document.html"
around = { neighbours = true, related = 2 }
[[routes]]
name = "tag"
path = "/tags/{term}/"
template = "list.html"
query = { tags = "{term}", page_size = 2, bodies = true }
[[routes]]
name = "tags"
path = "/tags/"
template = "list.html"
terms = "tags"
[[routes]]
name = "list"
kind = "section"
path = "/{path}/"
template = "list.html"
query = { section = "{path}", page_size = 2, order = ["-sticky", "weight", "-date"] }
around = { sections = true }
"""
OTHER = DOCUMENT.replace("<main>", "<hr><main>")
ACCEPT = 'metadata = true\nheaders = ["x-*"]'
TOLD = ("description", "language", "base_url")
PLUGINS = ("says", "fails", "marks")
SITE: Files = {
    **theme(
        "own",
        accept=ACCEPT,
        routes=ROUTES,
        **{"document_html": DOCUMENT, "list_html": ALL, "404_html": ALL},
    ),
    **theme("other"),
    **plugin("says", SAYS, HEADER, METADATA),
    **plugin("fails", FAILS, "read:content.text", METADATA),
    **plugin("marks", "", "propose:header", response_prepared=MARKS, request_received=MARKS),
    **lock(
        says=(HEADER, METADATA), fails=("read:content.text", METADATA), marks=("propose:header",)
    ),
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "media/small.txt": "small\n" * 300,
    "media/large.bin": b"\x00\x01" * 60_000,
}
NAMES = ("one", "posts/a", "posts/b", "posts/c")
KNOWN = (
    *("/one/", "/one", "/posts/a/", "/posts/b/", "/posts/", "/posts/page/2/", "/tags/x/"),
    *("/tags/", "/tags/y/", "/old", "/media/small.txt", "/posts/a.png", "/nowhere/", "/"),
)
PATHS = strategies.sampled_from(
    (
        *KNOWN,
        *("/posts/c/", "/posts/page/1/", "/old/", "/media/large.bin", "/p%6fsts/a/", "/%ff"),
        *("//one/", "/posts/b", "/tags/z/"),
        *("", "/%00", "/ONE/", "/./one/", "/%2e%2e/one/", "/one%2f", "/one%252f", "/posts//a/"),
        *("http://localhost/one/", "/one/;a=1", "/feed/", "/-/themes/own/nothing.css", "/other/"),
    )
)
SENT = strategies.fixed_dictionaries(
    {},
    optional={
        "accept-language": strategies.sampled_from(("de", "fr", "")),
        "accept-encoding": strategies.sampled_from(("br", "gzip, br;q=0", "identity", "*;q=0")),
        "if-none-match": strategies.sampled_from(("*", '"x"', "LAST")),
        "if-modified-since": strategies.just("LAST"),
        "range": strategies.sampled_from(("bytes=0-9", "bytes=-5", "bytes=999999999-")),
        "cookie": strategies.just("session=1"),
        "host": strategies.sampled_from(("a.example", "evil.example:80", "")),
        "x-forwarded-host": strategies.just("evil.example"),
        "x-forwarded-proto": strategies.just("https"),
        "x-original-url": strategies.just("/two/"),
        "origin": strategies.just("https://evil.example"),
    },
)
DOCUMENTS = strategies.fixed_dictionaries(
    {
        "title": strategies.sampled_from(("One", "Two")),
        "words": strategies.integers(1, 4),
    },
    optional={
        "date": strategies.sampled_from(SHOWN),
        "updated": strategies.sampled_from(SHOWN),
        "description": strategies.sampled_from(("short", "other")),
        "tags": strategies.sampled_from(("[x]", "[X, y]", "[y]")),
        "aliases": strategies.just("[/old]"),
        "draft": strategies.sampled_from(("true", "false")),
        "extra": strategies.integers(0, 2),
        "expires": strategies.sampled_from(SHOWN),
        "weight": strategies.integers(0, 2),
        "sticky": strategies.sampled_from(("true", "false")),
    },
)


def document(fields: dict[str, Any], link: str) -> str:
    words = " ".join(["word"] * fields["words"])
    front = "".join(f"{key}: {value}\n" for key, value in fields.items() if key != "words")
    return f"---\n{front}---\n{words} [there](/{link}) [file](@/{link}.md)\n"
