"""Which files of a repository hold another system's configuration, and whose it is. Pure."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from apps.content.foreign import hugo, jekyll, zola
from apps.content.foreign.values import NOTHING, Foreign, Values, lowered

LayoutName = Literal["whispercms", "zola", "hugo", "jekyll", "plain"]
HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
HUGO_OLD = ("config.toml", "config.yaml", "config.yml", "config.json")
JEKYLL = ("_config.yml", "_config.yaml", "_config.toml")
FOLDER = "config/_default/"
"""Of Hugo's: a file of settings for each key, or for all."""
HUGO_FOLDERS = frozenset(("archetypes", "layouts", "themes", "assets", "i18n", "go.mod"))
MARKS = frozenset(("baseurl", "languagecode", "locale", "defaultcontentlanguage", "theme"))
"""Keys that tell Hugo's `config.*` from other programs' files of that name."""
Files = Mapping[str, Values]
"""Path in the repository → what is written in it."""


def wanted(names: frozenset[str], layout: LayoutName | None, top: str = "") -> tuple[str, ...]:
    """What to read of the top folder, or of `top`, whose entries are `names`, besides our own
    `config.toml`. A path that ends with a slash is a folder of such files."""
    found: list[str] = []
    if layout in (None, "hugo"):
        old = HUGO_OLD if layout or "content" in names else ()
        found += [name for name in (*HUGO, *old) if name in names]
        found += [FOLDER] if "config" in names and (layout or "content" in names) else []
    if layout in (None, "jekyll"):
        found += [name for name in JEKYLL if name in names][:1]
    own = {"config.toml"} if not top else set()
    return tuple(top + name for name in found if name not in own)


def every(layout: LayoutName | None, top: str) -> tuple[str, ...]:
    """What there may be in a folder whose entries are not known yet."""
    names = {"hugo": frozenset((*HUGO, *HUGO_OLD, "config")), "jekyll": frozenset(JEKYLL)}
    found = wanted(names.get(layout or "", frozenset()), layout, top)
    return (*found, *((top + name) for name in JEKYLL[1:] if layout == "jekyll"))


def recognise(names: frozenset[str], values: Values, files: Files) -> LayoutName | None:
    """By the entries of the top folder, `config.toml` and the other files; None where nothing
    of another system is found."""
    if isinstance(values.get("base_url"), str) and "content" in names:
        return "zola"
    if names & set(HUGO) or _old_hugo(names, values, files):
        return "hugo"
    ours = "whispercms" in values and "content" in names
    if (names & set(JEKYLL) or "_posts" in names) and not ours:
        return "jekyll"
    return None


def _old_hugo(names: frozenset[str], values: Values, files: Files) -> bool:
    given = [values, *(files[path] for path in HUGO_OLD if path in files)]
    marked = any(MARKS & lowered(each).keys() for each in given)
    split = any(path.startswith(FOLDER) for path in files)
    return "content" in names and (marked or split) and bool(split or names & {*HUGO_OLD})


def read(layout: LayoutName, values: Values, files: Files, top: str = "") -> Foreign:
    """`values` are those of `config.toml`, which a site's own layout leaves alone."""
    here = {path[len(top) :]: each for path, each in files.items() if path.startswith(top)}
    if layout == "zola":
        return zola.decode(values)
    if layout == "hugo":
        return hugo.decode(hugo.merged(_of_hugo(values, here)))
    if layout == "jekyll":
        first = next((here[name] for name in JEKYLL if name in here), {})
        return jekyll.decode(first)
    return NOTHING


def _of_hugo(values: Values, here: Files) -> dict[str, Values]:
    """Of the files at the top the first counts, as for Hugo itself."""
    named = {"config.toml": values, **here} if values else dict(here)
    first = next(((name, named[name]) for name in (*HUGO, *HUGO_OLD) if name in named), None)
    folder = {
        path: each
        for path, each in here.items()
        if path.startswith(FOLDER) and len(PurePosixPath(path).parts) == 3
    }
    return {**folder, **({first[0]: first[1]} if first else {})}
