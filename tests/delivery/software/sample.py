"""A small site with something of everything that software reads."""

CONFIG = """
[whispercms]
title = "Field notes"
description = "What there is <in> the field & beyond"
base_url = "https://example.org"
"""
BODY = """See [b](b.md#part), [c](/notes/c/), ![p](p.png), [here](#top) and <https://other.example/>.

```
<a href="/x">a text</a>
```
"""
FILES: dict[str, str | bytes | None] = {
    "config.toml": CONFIG,
    "content/posts/_index.md": "---\ntitle: All posts\n---\n",
    "content/posts/a.md": "---\ntitle: A & a\ndate: 2026-03-01\ntags: [Red]\n"
    "description: One <b> & two\nauthors: [Ada]\n---\n" + BODY,
    "content/posts/b.md": "---\ntitle: B\ndate: 2026-03-02\nupdated: 2026-03-05\n---\nA\x0cb.\n",
    "content/posts/p.png": b"\x89PNG",
    "content/secret.md": "---\ntitle: Secret\ndate: 2025-01-01\nnoindex: true\n---\nHidden.\n",
    "content/notes/c.md": "---\ntitle: C\ndate: 2026-01-01\n---\nText of c.\n",
}
