"""Hugo's configuration, its files put together. Pure.

https://gohugo.io/configuration/ says what the keys are; Hugo does not tell their case apart.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from apps.content.elements import names
from apps.content.foreign.values import (
    BASE_URL,
    LANGUAGE,
    MANY,
    Foreign,
    Values,
    folder,
    lowered,
    table,
    text,
    texts,
    truth,
    unknown,
)

WHOLE = ("hugo", "config")
"""Names of files that hold all; another file of the folder `_default` holds one key."""
TAXONOMIES = ("tags", "categories")
DATES = {
    "date": ("date", "publishdate", "pubdate", "published", "lastmod", "modified"),
    "publish": ("publishdate", "pubdate", "published"),
    "expires": ("expirydate", "unpublishdate"),
    "updated": ("lastmod", "modified"),
}
FRONTMATTER = {
    "date": "date",
    "publish": "publishdate",
    "expires": "expirydate",
    "updated": "lastmod",
}
KNOWN = names(
    "title baseurl languagecode locale defaultcontentlanguage defaultcontentlanguageinsubdir"
    " contentdir staticdir taxonomies permalinks uglyurls disablepathtolower frontmatter"
    " languages params description whispercms builddrafts buildfuture buildexpired"
    " disablelanguages"
)


def merged(files: Mapping[str, Values]) -> dict[str, Any]:
    """All files as one table, with keys in lower case; a later file's keys come first."""
    found: dict[str, Any] = {}
    for path, values in sorted(files.items()):
        name = PurePosixPath(path).stem.lower()
        if name in WHOLE:
            found |= lowered(values)
        else:
            found[name] = {**table(found, name), **values}
    return found


def decode(values: Values) -> Foreign:
    """Of a table that `merged` made."""
    default = text(values, "defaultcontentlanguage", pattern=LANGUAGE) or "en"
    listed = {code.lower(): lowered(each) for code, each in table(values, "languages").items()}
    language = listed.get(default.lower(), {})
    params = lowered(table(language, "params") or table(values, "params"))
    others = sorted(code for code in listed if code != default.lower())[:MANY]
    keys = ("locale", "languagecode")
    return Foreign(
        title=text(language, "title") or text(values, "title"),
        description=text(params, "description") or text(values, "description"),
        base_url=text(values, "baseurl", pattern=BASE_URL),
        language=text(language, *keys, pattern=LANGUAGE)
        or text(values, *keys, pattern=LANGUAGE)
        or default,
        content=folder(language.get("contentdir")) or folder(values.get("contentdir")),
        static=tuple(f for f in map(folder, texts(values.get("staticdir"))) if f) or ("static",),
        taxonomies=_taxonomies(values),
        permalinks=_permalinks(table(values, "permalinks")),
        ugly=_ugly(values.get("uglyurls")),
        keeps_case=truth(values.get("disablepathtolower")),
        dates=_dates(lowered(values.get("frontmatter"))),
        languages=(default.lower(), *others),
        prefixed=truth(values.get("defaultcontentlanguageinsubdir")),
        unused=unknown(values, KNOWN),
    )


def _taxonomies(values: Values) -> tuple[str, ...]:
    """Plural names: what documents have as keys. A table without any turns them off."""
    if "taxonomies" not in values:
        return TAXONOMIES
    plurals = [each for each in table(values, "taxonomies").values() if isinstance(each, str)]
    return tuple(sorted({plural.lower() for plural in plurals if plural}))[:MANY]


def _permalinks(given: Values) -> dict[str, str]:
    """Section → pattern of its pages; `section/` + name → pattern of the section itself."""
    found = {key.lower(): value for key, value in given.items() if isinstance(value, str)}
    found |= {k.lower(): v for k, v in table(given, "page").items() if isinstance(v, str)}
    sections = table(given, "section").items()
    return found | {f"section/{k.lower()}": v for k, v in sections if isinstance(v, str)}


def _ugly(value: object) -> frozenset[str] | None:
    if isinstance(value, dict):
        return frozenset(key.lower() for key, each in value.items() if truth(each))
    return None if truth(value) else frozenset()


def _dates(given: Values) -> dict[str, tuple[str, ...]]:
    """Ours → keys of front matter that are looked for, in order."""
    found = {}
    for own, theirs in FRONTMATTER.items():
        keys = [key.lower() for key in texts(given.get(theirs))] or [":default"]
        each = [DATES[own] if key == ":default" else (key,) for key in keys]
        found[own] = tuple(key for part in each for key in part)
    return found
