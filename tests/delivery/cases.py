"""A site, requests to it, and what every adapter must make of them."""

import hashlib
from dataclasses import dataclass, field

from apps.delivery.requests import PATH_BYTES
from tests.delivery.adapters import Ask
from tests.pictures import png
from tests.sites import ROOT

PICTURE = png((1, 1)) + bytes(range(256)) * 400
STYLE = (ROOT / "themes/plain/assets/style.css").read_bytes()
STYLE_DIGEST = hashlib.sha256(STYLE).hexdigest()
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
CONFIG = """
[whispercms]
title = "A test site"
[[whispercms.themes]]
id = "plain"
[[whispercms.plugins]]
id = "linking"
"""
LINKING = """
on("content.resolved", function(event, propose)
  propose.header("link", "</one/>; rel=preload", "append")
  propose.header("link", "</two/>; rel=preload", "append")
end)
"""
FILES: dict[str, str | bytes | None] = {
    "config.toml": CONFIG,
    "plugins/linking/plugin.toml": 'id = "linking"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
    'subscribes = ["content.resolved"]\ncapabilities = ["propose:header"]\n',
    "plugins/linking/main.lua": LINKING,
    "extensions.lock": '[plugins.linking]\ncapabilities = ["propose:header"]\n',
    **{f"content/posts/{n:02}.md": f"---\ntitle: Post {n}\n---\nText.\n" for n in range(30)},
    "content/one.md": "---\ntitle: One\naliases: [/old/name]\n---\nText.\n",
    "content/wide.md": "---\ntitle: Wide\npath: /größe/weit\n---\nText.\n",
    "media/a.png": PICTURE,
    "media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "media/what? #1.txt": "what\n",
    "media/empty.bin": b"",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A request and what every adapter must make of it. A header None must not be there; ETAG
    stands for the picture's."""

    name: str
    ask: Ask
    status: int
    headers: dict[str, str | None] = field(default_factory=dict)
    shows: bytes = b""


def picture(name: str, status: int, *asked: tuple[str, str], **headers: str | None) -> Case:
    found = {key.replace("_", "-"): value for key, value in headers.items()}
    return Case(name, Ask("/media/a.png", headers=asked), status, found)


SIZE = len(PICTURE)
PAGES = [
    Case("document", Ask("/one/"), 200, {"content-type": HTML}, b"One</h1>"),
    Case("document with a query", Ask("/one/", query="a=1&b"), 200, {}, b"One</h1>"),
    Case("front page", Ask("/"), 200, {"content-type": HTML}, b"A test site"),
    Case("no path at all", Ask(""), 200, {}, b"A test site"),
    Case("list", Ask("/posts/"), 200, {}, b"/posts/page/2/"),
    Case("second page", Ask("/posts/page/2/"), 200, {}, b"Page 2 of 2"),
    Case("first page", Ask("/posts/page/1/"), 301, {"location": "/posts/"}),
    Case("page zero", Ask("/posts/page/0/"), 404),
    Case("a page's number written otherwise", Ask("/posts/page/02/"), 404),
    Case("page after the last", Ask("/posts/page/3/"), 404),
    Case("page of an absurd number", Ask(f"/posts/page/{'9' * 300}/"), 404),
    Case("nothing there", Ask("/nowhere/"), 404, {"content-type": HTML}, b"Page not found"),
    Case("a path that is not ASCII", Ask("/gr%C3%B6%C3%9Fe/weit/"), 200, {}, b"Wide</h1>"),
]
REDIRECTS = [
    Case("no slash at the end", Ask("/one"), 301, {"location": "/one/"}),
    Case(
        "its query kept",
        Ask("/one", query="q=%C3%A9&r=a+b&r"),
        301,
        {"location": "/one/?q=%C3%A9&r=a+b&r"},
    ),
    Case("an alias", Ask("/old/name/"), 301, {"location": "/one/"}),
    Case("an alias without slash", Ask("/old/name", query="x=1"), 301, {"location": "/one/?x=1"}),
    Case(
        "a path that is not ASCII",
        Ask("/gr%C3%B6%C3%9Fe/weit"),
        301,
        {"location": "/gr%C3%B6%C3%9Fe/weit/"},
    ),
]
METHODS = [
    *(
        Case(method, Ask("/one/", method=method), 405, {"allow": "GET, HEAD", "content-type": TEXT})
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")
    ),
    Case("POST to an asset", Ask("/media/a.png", method="POST"), 405, {"allow": "GET, HEAD"}),
]
ASSETS = [
    picture("whole", 200, content_type="image/png", content_length=str(SIZE), etag="ETAG"),
    picture("its caching", 200, accept_ranges="bytes", cache_control="public, no-cache"),
    Case("a drawing is kept apart", Ask("/media/a.svg"), 200, {"content-type": "image/svg+xml"}),
    Case("its name quoted", Ask("/media/what%3F%20%231.txt"), 200, {"content-type": TEXT}, b"what"),
    Case("empty", Ask("/media/empty.bin"), 200, {"content-length": "0"}),
    Case("with a slash at the end", Ask("/media/a.png/"), 404),
    Case("a folder", Ask("/media/"), 404),
]
RANGES = [
    picture(
        "first bytes",
        206,
        ("range", "bytes=0-9"),
        content_length="10",
        content_range=f"bytes 0-9/{SIZE}",
    ),
    picture("the rest", 206, ("range", f"bytes={SIZE - 5}-"), content_length="5"),
    picture(
        "the last", 206, ("range", "bytes=-7"), content_range=f"bytes {SIZE - 7}-{SIZE - 1}/{SIZE}"
    ),
    picture(
        "more than there is", 206, ("range", "bytes=1-999999999"), content_length=str(SIZE - 1)
    ),
    picture("longer suffix", 206, ("range", f"bytes=-{SIZE * 9}"), content_length=str(SIZE)),
    picture("after the end", 416, ("range", f"bytes={SIZE}-"), content_range=f"bytes */{SIZE}"),
    picture("empty suffix", 416, ("range", "bytes=-0"), content_range=f"bytes */{SIZE}"),
    picture("several", 200, ("range", "bytes=0-1,5-6"), content_range=None),
    picture("backwards", 200, ("range", "bytes=9-3"), content_length=str(SIZE)),
    picture("not bytes", 200, ("range", "lines=1-2"), content_length=str(SIZE)),
    picture("nonsense", 200, ("range", "bytes=x-y"), content_length=str(SIZE)),
    picture("nothing", 200, ("range", "bytes=-"), content_length=str(SIZE)),
    picture("if it is still this", 206, ("range", "bytes=0-9"), ("if-range", "ETAG")),
    picture("if it were another", 200, ("range", "bytes=0-9"), ("if-range", '"other"')),
    picture("if it is weakly this", 200, ("range", "bytes=0-9"), ("if-range", "W/ETAG")),
    picture(
        "if not changed since",
        200,
        ("range", "bytes=0-9"),
        ("if-range", "Sat, 29 Oct 1994 19:43:31 GMT"),
    ),
    Case("of a file without bytes", Ask("/media/empty.bin", headers=(("range", "bytes=0-"),)), 416),
]
VALIDATORS = [
    picture("the same", 304, ("if-none-match", "ETAG"), etag="ETAG", content_length=None),
    picture("one of many", 304, ("if-none-match", '"a", W/ETAG, "b"')),
    picture("on several lines", 304, ("if-none-match", '"a"'), ("if-none-match", "ETAG")),
    picture("anything", 304, ("if-none-match", "*")),
    picture("another", 200, ("if-none-match", '"other"')),
    picture("before a range", 304, ("if-none-match", "ETAG"), ("range", "bytes=0-9")),
    picture("keeps its caching", 304, ("if-none-match", "*"), cache_control="public, no-cache"),
]
LONGEST = "/" + "a" * (PATH_BYTES - 2) + "/"
BAD = [
    *(Case(path, Ask(path), 400) for path in ("/%00", "/a%00.png", "/%0d%0aset-cookie:a", "/%1b")),
    *(Case(path, Ask(path), 400) for path in ("/..%5cconfig.toml", "/a\\b", "/media%5ca.png")),
    *(
        Case(path, Ask(path), 301, {"location": "/config.toml"})
        for path in ("/%2e%2e/config.toml", "/..%2fconfig.toml", "/media/../config.toml")
    ),
    *(Case(path, Ask(path), 301, {"location": "/"}) for path in ("/../", "/.", "///")),
    Case("/media/%2e/a.png", Ask("/media/%2e/a.png"), 301, {"location": "/media/a.png"}),
    *(Case(path, Ask(path), 404) for path in ("/config.toml", "/content/one.md", "/.git/HEAD")),
    *(Case(path, Ask(path), 404) for path in ("/%252e%252e/config.toml", "/%252fone/")),
    *(
        Case(path, Ask(path, query="a=1"), 301, {"location": f"{path.replace('//', '/')}?a=1"})
        for path in ("//posts", "//posts/", "/posts//", "//one/", "/posts//page/1/")
    ),
    Case("as long as may be", Ask(LONGEST), 404),
    Case("one byte longer", Ask(f"/a{LONGEST}"), 414),
    Case("5000 bytes", Ask("/" + "a" * 4999), 414),
    Case("quoted: short once it is read", Ask("/" + "%61" * 2000), 404),
    Case("quoted: too long once it is read", Ask("/" + "%61" * 4999), 414),
    Case("a query of control characters", Ask("/one", query="a\r\nset-cookie: b=1"), 400),
    Case("a query that is not ASCII", Ask("/one", query="a=\xe9"), 301),
]
THEME = f"/-/themes/plain/{STYLE_DIGEST[:16]}/style.css"
THEME_ASSETS = [
    Case(
        "kept for ever",
        Ask(THEME),
        200,
        {
            "content-type": "text/css; charset=utf-8",
            "cache-control": "public, max-age=31536000, immutable",
            "etag": f'"{STYLE_DIGEST}"',
        },
        STYLE,
    ),
    Case("still the same", Ask(THEME, headers=(("if-none-match", f'"{STYLE_DIGEST}"'),)), 304),
    Case("another digest", Ask(f"/-/themes/plain/{'0' * 16}/style.css"), 404),
    Case("a shorter digest", Ask(f"/-/themes/plain/{STYLE_DIGEST[:8]}/style.css"), 404),
    Case("no digest", Ask("/-/themes/plain//style.css"), 301),
    Case("another file", Ask(f"/-/themes/plain/{STYLE_DIGEST[:16]}/../theme.toml"), 301),
]
GROUPS = {
    "page": PAGES,
    "redirect": REDIRECTS,
    "method": METHODS,
    "asset": ASSETS,
    "range": RANGES,
    "validator": VALIDATORS,
    "bad": BAD,
    "theme asset": THEME_ASSETS,
}
CASES = [(group, case) for group, cases in GROUPS.items() for case in cases]
