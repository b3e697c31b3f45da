"""What is checked in a theme's templates before the template compiler sees them. Pure.

The compiler recurses without a bound on chains of operators and of `elif`: 12,000 end the process.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from apps.extensions import limits

_OPENING: Final = re.compile(r"\{#|\{\{|\{%(?P<raw>[-+]?\s*raw\s*[-+]?%\})?")
_END_RAW: Final = re.compile(r"\{%[-+]?\s*endraw")
_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+')|(?P<end>%\}|\}\}|["'])"""
    r"""|(?P<operator>//|\*\*|[-+~*/%]|\b(?:and|or|not)\b)|(?P<branch>\belif\b)""",
    re.DOTALL,
)
_REFERENCE: Final = re.compile(
    r"""\{%[-+]?\s*(?:include|extends|import|from)\s+(?P<quote>["'])(?P<name>[^"'\n]*)(?P=quote)"""
    r"""(?P<rest>\s+ignore\s+missing)?"""
)
_ASSET: Final = re.compile(r"""\basset\(\s*(?P<quote>["'])(?P<name>[^"'\n]*)(?P=quote)\s*\)""")
_TEXT: Final = r"""(?:"[^"\n]*"|'[^'\n]*')"""
_PICTURE: Final = re.compile(rf"""\bimage\(\s*(?P<file>{_TEXT})\s*,""")
_RECIPE: Final = re.compile(rf"""\bimage\([^()\n]*?,\s*(?P<name>{_TEXT})\s*\)""")


@dataclass(frozen=True, slots=True, order=True)
class TemplateFault:
    """What is wrong with a template, for its author; `line` is 1-based, 0 where none is known."""

    template: str
    line: int
    kind: str
    message: str

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)


def check(
    templates: Mapping[str, str], assets: Collection[str], recipes: Collection[str] = ()
) -> list[TemplateFault]:
    """Everything that is wrong and can be said without compiling."""
    if len(templates) > limits.TEMPLATES:
        reason = f"{len(templates)} templates; the limit is {limits.TEMPLATES}"
        return [TemplateFault("", 0, "TooMany", reason)]
    faults: list[TemplateFault] = []
    for name, source in sorted(templates.items()):
        faults.extend(_bounds(name, source))
        faults.extend(_references(name, source, templates))
        faults.extend(_assets(name, source, assets))
        faults.extend(_recipes(name, source, recipes))
    return faults


def pictures_named(templates: Mapping[str, str]) -> tuple[str, ...]:
    """Files of the site that templates ask for by a name that is written in them."""
    found = {
        match["file"][1:-1]
        for source in templates.values()
        for match in _PICTURE.finditer(source)
        if len(match["file"]) <= limits.PICTURE_CHARACTERS
    }
    return tuple(sorted(found)[: limits.PICTURES])


def resolve(name: str, parent: str) -> str:
    """A template's name as another one says it: "./x" and "../x" go by the other one's folder.

    A name that leaves the theme is not one of its templates, and so is not found.
    """
    if not name.startswith(("./", "../")):
        return name
    folders = parent.split("/")[:-1]
    for part in name.split("/"):
        if part == ".." and not folders:
            return name
        if part == "..":
            folders.pop()
        elif part != ".":
            folders.append(part)
    return "/".join(folders)


def line_of(source: str, position: int) -> int:
    return source.count("\n", 0, max(position, 0)) + 1


def _bounds(name: str, source: str) -> Iterator[TemplateFault]:
    size = len(source.encode("utf-8", "replace"))
    if size > limits.TEMPLATE_BYTES:
        yield TemplateFault(
            name, 0, "TooLarge", f"{size} bytes; the limit is {limits.TEMPLATE_BYTES}"
        )
        return
    branches = 0
    for start, end in _tags(source):
        counts = _count(source, start, end)
        branches += counts["branch"]
        if counts["operator"] > limits.EXPRESSION_OPERATORS:
            reason = f"an expression with over {limits.EXPRESSION_OPERATORS} operators"
            yield TemplateFault(name, line_of(source, start), "TooComplex", reason)
    if branches > limits.BRANCHES:
        yield TemplateFault(name, 1, "TooComplex", f"over {limits.BRANCHES} elif")


def _tags(source: str) -> Iterator[tuple[int, int]]:
    """Where the insides of tags start and end; what never ends goes to the end of the text."""
    at = 0
    while (opening := _OPENING.search(source, at)) is not None:
        start = opening.end()
        if opening["raw"]:
            end = _END_RAW.search(source, start)
            at = end.start() if end else len(source)
        elif opening[0] == "{#":
            at = source.find("#}", start)
            at = at if at >= 0 else len(source)
        else:
            at = _end(source, start)
            yield start, at


def _end(source: str, at: int) -> int:
    """Of a tag; a quote that is never closed ends it as well, for the compiler to tell."""
    for token in _TOKEN.finditer(source, at):
        if token["end"]:
            return token.start()
    return len(source)


def _count(source: str, start: int, end: int) -> dict[str, int]:
    counts = {"operator": 0, "branch": 0}
    for token in _TOKEN.finditer(source, start, end):
        if token.lastgroup in counts:
            counts[token.lastgroup] += 1
    return counts


def _references(name: str, source: str, templates: Mapping[str, str]) -> Iterator[TemplateFault]:
    for found in _REFERENCE.finditer(source):
        if resolve(found["name"], name) not in templates and not found["rest"]:
            reason = f"there is no template {found['name']!r} in this theme"
            yield TemplateFault(name, line_of(source, found.start()), "TemplateNotFound", reason)


def _assets(name: str, source: str, assets: Collection[str]) -> Iterator[TemplateFault]:
    for found in _ASSET.finditer(source):
        if found["name"] not in assets:
            reason = f"there is no asset {found['name']!r} in this theme"
            yield TemplateFault(name, line_of(source, found.start()), "AssetNotFound", reason)


def _recipes(name: str, source: str, recipes: Collection[str]) -> Iterator[TemplateFault]:
    for found in _RECIPE.finditer(source):
        if found["name"][1:-1] not in recipes:
            reason = f"there is no [images.{found['name'][1:-1]}] in this theme's manifest"
            yield TemplateFault(name, line_of(source, found.start()), "ImageNotFound", reason)
