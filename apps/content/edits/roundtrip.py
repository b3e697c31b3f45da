"""Changes a field by ruamel.yaml and tomlkit, where splicing would not fit what is written.

Both keep comments, order and quotes, but may write a neighbouring line in another way; what
they give is confirmed like everything else. The strict reader has accepted the text.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

# Else imported at its first use, where a confined worker finds no files.
import ruamel.yaml.mergevalue  # noqa: F401
import tomlkit
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from apps.content.bounds import MAX_REDUMPED
from apps.content.edits.bracket_spans import toml_comments
from apps.content.edits.fields import ABSENT, Absent, Declined, Path
from apps.content.edits.line_edits import remove_parts
from apps.content.edits.spans import Form, Node, line_end, line_start
from apps.content.edits.toml_spans import toml_spans
from apps.content.edits.written import Splice
from apps.content.edits.yaml_spans import yaml_comments, yaml_spans

_INDENTED: Final = re.compile(r"^[ ]+-[ ]", re.M)
WIDTH: Final = 2**20
"""Of a line: none is ever broken."""


def by_ruamel(text: str, path: Path, value: Any | Absent) -> list[Splice]:
    """Writes the field of the top level anew that the path leads into. Raises Declined."""
    root = yaml_spans(text)
    part = root.part(path[0])
    start, end = 0, len(text)
    if part is not None and root.form is Form.LINES:
        start, end = line_start(text, part.start), min(line_end(text, part.end) + 1, end)
    written = _changed(_ruamel, yaml_comments, text[start:end], (path, value))
    return _alone(text, root, path[0], Splice(start, end, written))


def by_tomlkit(text: str, path: Path, value: Any | Absent) -> list[Splice]:
    """Tables of one name may stand apart, so all is read, and written. Raises Declined."""
    written = _changed(_tomlkit, toml_comments, text, (path, value))
    return _alone(text, toml_spans(text), path[0], Splice(0, len(text), written))


def _alone(text: str, root: Node, name: str, splice: Splice) -> list[Splice]:
    """The splice, if every line outside of the field stands in the new text as well."""
    others = text
    if part := root.part(name):
        index = root.parts.index(part)
        for gone in reversed(sorted(remove_parts(text, root, index, index + 1), key=_begin)):
            others = others[: gone.start] + others[gone.end :]
    after = text[: splice.start] + splice.text + text[splice.end :]
    if any((Counter(others.split("\n")) - Counter(after.split("\n"))).keys() - {""}):
        raise Declined("other fields would be written in another way")
    return [splice]


def _begin(splice: Splice) -> int:
    return splice.start


def _changed(
    write: Callable[[str, Path, Any], str],
    comments: Callable[[str], list[str]],
    text: str,
    change: tuple[Path, Any],
) -> str:
    if len(text) > MAX_REDUMPED:
        raise Declined("it is too long to be written anew")
    try:
        written = write(text, *change)
        lost = Counter(comments(text)) - Counter(comments(written))
    except Exception as error:
        # A library that fails on a text may fail with anything; the text is still whole.
        raise Declined(f"it could not be written anew ({type(error).__name__})") from error
    if lost:
        raise Declined("a comment would be lost")
    return written


def _ruamel(text: str, path: Path, value: Any) -> str:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.representer.ignore_aliases = lambda *_: True
    if _INDENTED.search(text):
        yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load(text)
    tree = yaml.map() if tree is None else tree
    _put(tree, path, _in_quotes(value))
    stream = io.StringIO()
    yaml.dump(tree, stream)
    return stream.getvalue()


def _in_quotes(value: Any) -> Any:
    """Else ruamel.yaml writes `yes` as it is, which readers of YAML 1.1 take for true."""
    if isinstance(value, dict):
        return {key: _in_quotes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_quotes(item) for item in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def _tomlkit(text: str, path: Path, value: Any) -> str:
    tree = tomlkit.parse(text)
    _put(tree, path, value)
    return tomlkit.dumps(tree)


def _put(tree: Any, path: Path, value: Any) -> None:
    for name in path[:-1]:
        if not isinstance(tree.get(name), Mapping):
            tree[name] = {}
        tree = tree[name]
    if value is ABSENT:
        del tree[path[-1]]
    else:
        tree[path[-1]] = value
