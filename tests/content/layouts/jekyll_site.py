"""A small site as people make them with Jekyll."""


def page(*lines: str, body: str = "Text.\n") -> str:
    return "\n".join(["---", *lines, "---", body])


CONFIG = """
title: A Jekyll site
description: >
  Notes of
  somebody
url: "https://example.org"
baseurl: "/blog"
plugins: &plugins [jekyll-feed]
whitelist: *plugins
permalink: /:categories/:year/:month/:day/:title.html
include: [".well-known", "_kept"]
exclude: ["secret/", "*.log", "Makefile"]
collections:
  recipes:
    output: true
    permalink: /food/:name/
  authors:
    output: true
  hidden:
    output: false
defaults:
  - scope: {path: "", type: posts}
    values: {author: Ada, layout: post}
  - scope: {path: "old"}
    values: {permalink: "/archive/:title"}
"""
FILES = {
    "_config.yml": CONFIG,
    "index.html": page(
        "title: Start", body="{% for post in site.posts %}{{ post.title }}{% endfor %}\n"
    ),
    "about.md": page("title: About"),
    "404.html": page("title: Not found", "permalink: /404.html"),
    "contact.md": page("permalink: /contact/"),
    "bare.md": page("permalink: /bare"),
    "docs/index.md": page("title: Docs"),
    "docs/Some Guide.md": page("title: Guide"),
    "docs/raw.html": "<p>served as it is</p>\n",
    "notes.md": "No header, so it is a file.\n",
    "_pages/team.md": page("title: Team", "permalink: /team/"),
    "_posts/2020-01-02-first-post.md": page(
        "title: First",
        "categories: [News, Deep Dives]",
        "tags: one two",
        body="See [the next]({% post_url 2020-02-03-Second_Post %}) and"
        " [about]({{ site.baseurl }}{% link about.md %}).\n\n"
        "{% highlight ruby %}\nputs 1\n{% endhighlight %}\n\n{% include video.html id=1 %}\n",
    ),
    "_posts/2020-02-03-Second_Post.markdown": page("title: Second", "slug: Own Slug"),
    "_posts/2020-03-04-moved.md": page("title: Moved", "redirect_from: [/was/here/, old.html]"),
    "_posts/2020-03-05-dated.md": page("title: D", "date: 2019-12-31 10:00:00 +0000"),
    "_posts/2020-03-06-gone.md": page("title: Gone", "published: false"),
    "_posts/2099-01-01-future.md": page("title: Later"),
    "_posts/undated.md": page("title: No date"),
    "_posts/inner/2020-04-01-inner.md": page("title: Inner"),
    "travel/_posts/2020-05-01-trip.md": page("title: Trip", "category: sea"),
    "old/_posts/2011-01-01-old.md": page("title: Old"),
    "_drafts/soon.md": page("title: Soon"),
    "_recipes/Apple Pie.md": page("title: Pie"),
    "_recipes/deep/cake.md": page("title: Cake"),
    "_recipes/pie.jpg": "a picture",
    "_authors/ada.md": page("title: Ada"),
    "_hidden/x.md": page("title: X"),
    "_kept/y.md": page("title: Y"),
    "_layouts/default.html": "{{ content }}",
    "_includes/video.html": "<p>video</p>",
    "_data/x.yml": "a: 1\n",
    "_sass/x.scss": "a {}",
    "assets/main.scss": page("layout: null", body="@import 'x';\n"),
    "assets/plain.css": "a {}\n",
    "feed.xml": page("layout: null", body="<feed>{{ site.title }}</feed>\n"),
    "robots.txt": "User-agent: *\n",
    "secret/a.md": page("title: A"),
    "build.log": "log",
    "Makefile": "all:\n",
    ".well-known/security.txt": "Contact: x\n",
    ".hidden.md": page("title: Hidden"),
    "Gemfile": "gem 'x'\n",
}
