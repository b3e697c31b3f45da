"""Jekyll's `_config.yml`. Pure. https://jekyllrb.com/docs/configuration/ says what the keys are."""

from apps.content.elements import names
from apps.content.foreign.values import (
    BASE_URL,
    LANGUAGE,
    MANY,
    Collection,
    Defaults,
    Foreign,
    Values,
    folder,
    table,
    tables,
    text,
    texts,
    truth,
    unknown,
)

POSTS = "posts"
TAXONOMIES = ("tags", "categories")
STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
EXCLUDED = (
    *(".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "Gemfile.lock", "node_modules"),
    *("vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/"),
)
KNOWN = names(
    "title tagline description url baseurl lang locale permalink collections collections_dir"
    " defaults include exclude show_drafts future unpublished"
)


def decode(values: Values) -> Foreign:
    style = text(values, "permalink") or "date"
    listed = _collections(values.get("collections"))
    patterns = {each.name: each.permalink for each in listed if each.permalink}
    address = text(values, "url", pattern=BASE_URL).rstrip("/")
    under = text(values, "baseurl", pattern=r"/?[^\s?#]*").strip("/")
    return Foreign(
        title=text(values, "title"),
        description=text(values, "description", "tagline"),
        base_url=(f"{address}/{under}" if address and under else address),
        language=text(values, "lang", "locale", pattern=LANGUAGE),
        taxonomies=TAXONOMIES,
        permalinks={"": style, **patterns},
        ugly=frozenset(),
        collections=listed,
        collections_folder=folder(values.get("collections_dir")) or "",
        defaults=_defaults(values.get("defaults")),
        included=texts(values.get("include")),
        excluded=(*EXCLUDED, *texts(values.get("exclude"))),
        unused=unknown(values, KNOWN),
    )


def _collections(value: object) -> tuple[Collection, ...]:
    """Besides the posts, which are always there."""
    if isinstance(value, list):
        return tuple(Collection(name, output=False) for name in texts(value))
    given = value if isinstance(value, dict) else {}
    return tuple(
        Collection(name, truth(each.get("output")), text(each, "permalink"))
        for name, each in sorted(given.items())[:MANY]
        if isinstance(each, dict)
    )


def _defaults(value: object) -> tuple[Defaults, ...]:
    """What is narrower comes later and wins: a longer path, then one with a type."""
    found = []
    for each in tables(value):
        scope = table(each, "scope")
        path = text(scope, "path").removeprefix("./").strip("/")
        found.append(Defaults(path, text(scope, "type"), table(each, "values")))
    return tuple(sorted(found, key=lambda one: (len(one.path), bool(one.type))))
