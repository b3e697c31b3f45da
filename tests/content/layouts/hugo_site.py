"""A small site as people make them with Hugo."""


def page(*lines: str, body: str = "Text.\n") -> str:
    return "\n".join(["---", *lines, "---", body])


CONFIG = """
baseURL = "https://example.org/"
title = "A Hugo site"
locale = "en-us"
enableRobotsTXT = false
[permalinks]
  notes = "/:year/:month/:day/:slug/"
  posts = "/p/:year/:title/"
  log = "/:sections/:slugorcontentbasename/"
[taxonomies]
  tag = "tags"
  category = "categories"
  series = "series"
[uglyURLs]
  ugly = true
[security]
  allowContent = [".*"]
"""
TEMPLATES = {
    f"layouts/{name}.html": "{{ .Title }}{{ .Content }}"
    for name in ("home", "section", "page", "taxonomy", "term")
}
FILES = {
    "hugo.toml": CONFIG,
    **TEMPLATES,
    "content/_index.md": page("title: Home"),
    "content/about.md": page("title: About"),
    "content/Über uns.md": page("title: Us"),
    "content/C++ & Go!.md": page("title: Languages"),
    "content/日本 語.md": page("title: Japanese"),
    "content/legal.html": page("title: Legal", body="<p>All rights.</p>\n"),
    "content/posts/first.md": page(
        "title: 'First Post: Héllo, World'",
        "date: 2020-01-02",
        "tags: [C++, Go Lang, 'Ünï code', x.y]",
        "categories: [News]",
    ),
    "content/posts/slugged.md": page(
        "title: Slugged",
        "date: 2020-02-03",
        "slug: My Slug",
        "aliases: [/old/one/, beside, ../up/x.html]",
    ),
    "content/posts/file.md": page("title: F", "url: /custom/Path.html", "date: 2020-01-01"),
    "content/posts/folder.md": page("title: F", "url: custom2/Path", "date: 2020-01-01"),
    "content/posts/draft.md": page("title: D", "draft: true", "date: 2020-01-01"),
    "content/posts/future.md": page("title: D", "date: 2099-01-01"),
    "content/posts/later.md": page("title: D", "date: 2020-01-01", "publishDate: 2099-01-01"),
    "content/posts/over.md": page("title: D", "date: 2019-01-01", "expiryDate: 2019-05-05"),
    "content/posts/undated.md": page("title: No Date"),
    "content/posts/beside.png": "a picture",
    "content/notes/2012-03-04-named.md": page("title: Named"),
    "content/notes/night.md": page("title: Night", "date: 2021-12-31T23:30:00-05:00"),
    "content/notes/own.md": page("title: Long Title Here", "date: 2021-05-06", "slug: own"),
    "content/log/one.md": page("title: One", "slug: Ä & One"),
    "content/log/Two Words.md": page("title: Two"),
    "content/ugly/page.md": page("title: Ugly"),
    "content/ugly/bundle/index.md": page("title: Ugly bundle"),
    "content/My Section/_index.md": page("title: Mine"),
    "content/My Section/Page One.md": page("title: One"),
    "content/My Section/Sub Dir/x_y.md": page("title: Sub"),
    "content/My Section/Some File.pdf": "a file",
    "content/docs/_index.md": page("title: Docs", "url: /manual/"),
    "content/docs/deep/a.md": page("title: A"),
    "content/docs/deep/deeper/b.c.md": page("title: B"),
    "content/trip/Leaf One/index.md": page("title: Leaf", "slug: leafslug"),
    "content/trip/Leaf One/My Pic.PNG": "a picture",
    "content/trip/two/index.md": '+++\ntitle = "Two"\ndate = 2020-05-05\n+++\nText.\n',
    "content/trip/two/images/B.png": "a picture",
    "content/build/never.md": page("title: B", "build:", "  render: never"),
    "content/build/headless/index.md": page("title: B", "headless: true"),
    "content/build/x.en.md": page("title: B"),
    "content/build/json.md": '{\n"title": "J"\n}\nText.\n',
    "static/img/S.png": "a picture",
    "static/robots.txt": "User-agent: *\n",
    "assets/a.css": "a {}",
    "archetypes/default.md": page("title: none"),
    "data/x.json": "{}",
}
