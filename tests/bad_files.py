"""Files that a site should not have, the problem that each must be told by, and odd ones that are
right."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.gitsync.repositories import LINK, NOWHERE, SUBMODULE, At
from tests.sites import CONFIG

PAGE = b"---\ntitle: A page\n---\nSome text.\n"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 123\n" % (b"0" * 64)
BRACKETS = 5_000
NESTED = b"[" * BRACKETS + b"deep" + b"](x)" * BRACKETS
BOMB = b"".join(
    b"%c: &%c [%s]\n" % (letter + 1, letter + 1, b",".join([b"*%c" % letter] * 9))
    for letter in range(ord("a"), ord("j"))
)


def front(*lines: str) -> bytes:
    return "\n".join(("---", "title: A page", *lines, "---", "Some text.", "")).encode()


@dataclass(frozen=True, slots=True)
class Bad:
    """A file and the problem it must have. `shown` is its path as people read it."""

    path: bytes
    file: bytes | At
    code: str
    line: int = 0
    shown: str = ""

    @property
    def name(self) -> str:
        return self.shown or self.path.decode()


PATHS = [
    Bad(b"content/link.md", At(LINK, b"good.md"), "path.link"),
    Bad(b"content/out.md", At(LINK, b"../../../../etc/passwd"), "path.link"),
    Bad(b"content/out.png", At(LINK, b"/etc/passwd"), "path.link"),
    Bad(b"content/folder", At(LINK, b"/etc"), "path.link"),
    Bad(b"media", At(LINK, b"/etc"), "path.link"),
    Bad(b"content/module", At(SUBMODULE, NOWHERE), "path.submodule"),
    Bad(b"static", At(SUBMODULE, NOWHERE), "path.submodule"),
    Bad(b"content/caf\xe9.md", PAGE, "path.encoding", 0, r"content/caf\xe9.md"),
    Bad(b"content/caf\xe9.png", b"", "path.encoding", 0, r"content/caf\xe9.png"),
    Bad(b"content/new\nline.md", PAGE, "path.control", 0, r"content/new\nline.md"),
    Bad(b"content/bell\x07.png", b"", "path.control", 0, r"content/bell\x07.png"),
    Bad("content/\u202etxt.md".encode(), PAGE, "path.control", 0, r"content/\u202etxt.md"),
    Bad(b"content/back\\slash.md", PAGE, "path.backslash", 0, r"content/back\\slash.md"),
    Bad(b"content/case/picture.pdf", b"lower", "asset.url-case"),
]
POINTERS = [
    Bad(b"content/pointer.md", POINTER, "document.lfs-pointer", 1),
    Bad(b"content/pointer.png", POINTER, "asset.lfs-pointer"),
]
ADDRESSES = [
    Bad(b"content/admin.md", PAGE, "document.address"),
    Bad(b"content/healthz.md", PAGE, "document.address"),
    Bad(b"content/metrics/a.png", b"", "asset.address"),
    Bad(b"content/reserved.md", front("path: /readyz"), "document.address"),
    Bad(b"content/up.md", front("path: ../../etc/passwd"), "document.address"),
    Bad(b"content/slug.md", front("slug: ../up"), "document.address"),
    Bad(b"content/rune.md", front(r'path: "/a\u0007b/"'), "document.address"),
    Bad(b"content/long.md", front(f"path: /{'a' * 2000}/"), "document.address"),
    Bad(b"content/alias.md", front("aliases: [/admin/x]"), "document.alias", 3),
    Bad(b"content/alias-up.md", front("aliases: [/a/../b]"), "document.alias", 3),
    Bad(b"content/z-same.md", front("path: /same/"), "document.url-taken"),
    Bad(b"content/clash.md", PAGE, "document.url-taken"),
    Bad(b"content/z-cased.md", front("path: /CASED/"), "document.url-case"),
]
HEADERS = [
    Bad(b"content/twice.md", front("title: Other"), "front-matter.duplicate-key", 3),
    Bad(b"content/twice-toml.md", b"+++\na = 1\na = 2\n+++\n", "front-matter.duplicate-key", 3),
    Bad(b"content/twice.json", b'{"a": 1,\n"a": 2}', "front-matter.duplicate-key", 2),
    Bad(b"content/fence-long.md", b"----\ntitle: A\n----\n", "front-matter.wrong-fence", 1),
    Bad(b"content/fence-short.md", b"---\ntitle: A\n--\ntext\n", "front-matter.wrong-fence", 3),
    Bad(b"content/fence-mixed.md", b"+++\na = 1\n---\ntext\n", "front-matter.wrong-fence", 3),
    Bad(
        b"content/fence-dash.md",
        "\u2014\ntitle: A\n\u2014\n".encode(),
        "front-matter.wrong-fence",
        1,
    ),
    Bad(b"content/endless.md", b"---\ntitle: A\n\ntext\n", "front-matter.unclosed", 1),
    Bad(b"content/bomb.md", b"---\na: &a [x]\n" + BOMB + b"---\n", "front-matter.alias", 3),
    Bad(
        b"content/nested.md",
        b"---\na: " + b"[" * BRACKETS + b"]" * BRACKETS + b"\n---\n",
        "front-matter.too-deep",
        2,
    ),
    Bad(
        b"content/nested-toml.md",
        b"+++\na = " + b"[" * BRACKETS + b"]" * BRACKETS + b"\n+++\n",
        "front-matter.too-deep",
        2,
    ),
    Bad(b"content/long-header.md", front(f"a: {'x' * 70_000}"), "front-matter.too-large", 1),
    Bad(b"content/tag.md", front("a: !!python/object/apply:os.system [id]"), "front-matter.tag", 3),
    Bad(b"content/list.md", b"---\n- a\n---\n", "front-matter.not-a-mapping", 2),
    Bad(b"content/syntax.md", front("a: b: c"), "front-matter.syntax", 3),
]
TEXTS = [
    Bad(b"content/latin.md", b"# One\n\ncaf\xe9\n", "document.encoding", 3),
    Bad(b"content/wide.md", "# One\n".encode("utf-16"), "document.encoding", 1),
    Bad(b"content/binary.md", b"# One\n\n\0\n", "document.binary", 3),
    Bad(b"content/large.md", b"# One\n" + b"text\n" * 500_000, "document.too-large"),
    Bad(b"content/large.bin", b"bits" * 2_200_000, "asset.too-large"),
    Bad(b"content/script.html", b"<p>One</p>\n<script>x()</script>\n", "markup.left-out", 2),
    Bad(b"content/frame.html", b"<iframe src=//a.example></iframe>", "markup.left-out", 1),
    Bad(b"content/onclick.html", b"<p>One</p>\n<p onclick='x()'>Two</p>", "markup.left-out", 2),
    Bad(b"content/address.html", b"<a href='javascript:x()'>One</a>", "markup.left-out", 1),
    Bad(
        b"content/packed.json",
        b'{"title": "One", "body": "<script>x()</script><p>Two</p>"}',
        "markup.left-out",
        1,
    ),
]
TITLES = [
    Bad(b"content/title-yaml.md", b'---\ntitle: "a\\x07b"\n---\n', "document.title", 2),
    Bad(b"content/title-toml.md", b'+++\ntitle = "a\\u0000b"\n+++\n', "document.title", 2),
    Bad(b"content/title.json", b'{"title": "a\\u001bb"}', "document.title", 1),
    Bad(b"content/title-heading.md", b"# a\x07b\n\nText.\n", "document.title", 1),
    Bad(
        b"content/title-turned.md",
        front("slug: turned").replace(b"A page", "a\u202eb".encode()),
        "document.title",
        2,
    ),
]
ALL = [*PATHS, *POINTERS, *ADDRESSES, *HEADERS, *TEXTS, *TITLES]
GOOD: Mapping[bytes, tuple[bytes, str, str]] = {
    b"content/good.md": (PAGE, "/good/", "A page"),
    b"content/with space.md": (PAGE, "/with-space/", "A page"),
    b"content/bom.md": (b"\xef\xbb\xbf" + front(), "/bom/", "A page"),
    b"content/crlf.md": (front().replace(b"\n", b"\r\n"), "/crlf/", "A page"),
    b"content/cr.md": (front().replace(b"\n", b"\r"), "/cr/", "A page"),
    b"content/a-same.md": (front("path: /same/"), "/same/", "A page"),
    b"content/a-cased.md": (front("path: /cased/"), "/cased/", "A page"),
    b"content/Clash.md": (b"# The upper one\n", "/clash/", "The upper one"),
    b"content/empty.md": (b"", "/empty/", "Empty"),
    b"content/brackets.md": (b"# Brackets\n\n" + NESTED + b"\n", "/brackets/", "Brackets"),
    b"content/raw.md": (b"# Raw\n\n<script>x()</script>\n\nTwo\n", "/raw/", "Raw"),
    b"content/quotes.md": (b"# Quotes\n\n" + b">" * 20 + b" x\n", "/quotes/", "Quotes"),
    "content/日本.md".encode(): ("# 日本\n".encode(), "/日本/", "日本"),
    b"content/quo'te\".md": (PAGE, "/quo-te/", "A page"),
    b"content/$(id).md": (PAGE, "/id/", "A page"),
    b"content/--upload-pack=id.md": (PAGE, "/upload-pack-id/", "A page"),
}
BESIDE: Mapping[bytes, bytes] = {
    b"config.toml": CONFIG.encode(),
    b"content/case/Picture.pdf": b"upper",
    b"content/with space.pdf": b"spaced",
    b"content/100% & more?#.pdf": b"odd",
}
SHOWN = ("markup.left-out", "document.title", "document.alias", "url-taken", "url-case")
SHOWN_ALL_THE_SAME = {bad.name for bad in ALL if bad.code.endswith(SHOWN)}
