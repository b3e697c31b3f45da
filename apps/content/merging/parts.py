"""A text as a header and a body; some files are all header. Pure, over the strict readers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from apps.content.bounds import MAX_MERGED_HEADER
from apps.content.flaws import Flaw, FlawError
from apps.content.frontmatter import NONE, split
from apps.content.merging.tree import Syntax
from apps.content.strict import read_json, read_toml
from apps.content.strict_yaml import read_yaml


class Form(Enum):
    """What a file is to a merge."""

    DOCUMENT = "a header, maybe, and a body"
    TEXT = "lines"
    YAML = "a header alone, in YAML"
    TOML = "a header alone, in TOML"
    JSON = "a header alone, in JSON"
    WHOLE = "bytes"


READERS: dict[Syntax, Callable[[str], dict[str, Any]]] = {
    Syntax.YAML: read_yaml,
    Syntax.TOML: read_toml,
    Syntax.JSON: read_json,
}
ALONE = {Form.YAML: Syntax.YAML, Form.TOML: Syntax.TOML, Form.JSON: Syntax.JSON}


@dataclass(frozen=True, slots=True)
class Header:
    """`opening` and `closing` are the lines of its fences; `front` is what `text` says."""

    syntax: Syntax
    opening: str
    text: str
    closing: str
    front: dict[str, Any]

    @property
    def whole(self) -> str:
        return self.opening + self.text + self.closing


@dataclass(frozen=True, slots=True)
class Parts:
    """With flaws there is no header, and all of the text is body."""

    header: Header | None
    body: str
    flaws: tuple[Flaw, ...] = ()


def read_parts(text: str, form: Form) -> Parts:
    if form in ALONE:
        return _alone(text, ALONE[form])
    parts = split(text) if form is Form.DOCUMENT else None
    if parts is None or parts.flaws or parts.format == NONE:
        return Parts(None, text, parts.flaws if parts else ())
    head = text[: len(text) - len(parts.body)]
    syntax = Syntax(parts.format)
    if syntax is Syntax.JSON:
        return Parts(Header(syntax, "", head, "", parts.front), parts.body)
    opening = head[: head.index("\n") + 1]
    inner = head[len(opening) :]
    end = inner.rstrip("\n").rfind("\n") + 1
    return Parts(Header(syntax, opening, inner[:end], inner[end:], parts.front), parts.body)


def _alone(text: str, syntax: Syntax) -> Parts:
    try:
        if len(text) > MAX_MERGED_HEADER:
            raise FlawError("front-matter.too-large", 1, f"over {MAX_MERGED_HEADER} characters")
        return Parts(Header(syntax, "", text, "", READERS[syntax](text)), "")
    except FlawError as error:
        return Parts(None, text, (error.moved(0),))
