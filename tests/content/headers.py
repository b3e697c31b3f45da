"""Headers for tests of edits: random values in every style, with comments and odd spaces."""

import json
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["a", "two words", "it's", 'say "hi"', "a: b", "x # y", "yes", "12", "2026-03-26", "", "Ünï"]
)
TEXTS = st.sampled_from(
    [
        "#",
        "a\nb",
        "one\n\ntwo\n",
        " lead",
        "trail ",
        "[x]",
        "---",
        "+++",
        "\\d",
        "- x",
        "\ttab",
        "'",
    ]
)
NAMES = st.sampled_from(["title", "date", "tags", "extra", "a-b", "team", "x y", "draft", "Ö", "1"])
SCALARS = (
    WORDS
    | TEXTS
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.integers(-5, 5000)
    | st.booleans()
    | st.sampled_from([0.5, 1.0, -2.25, 1e20])
    | st.sampled_from([date(2026, 3, 26), datetime(2026, 3, 26, 10, 30)])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(NAMES, VALUES, max_size=5)
COMMENTS = st.sampled_from(["", "", "", " # note", "  # it's: [odd", "   "])
BETWEEN = st.sampled_from(["", "", "", "\n", "# own line\n"])


def plain(value: Any) -> Any:
    """As the reader gives it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@st.composite
def yaml_headers(draw: st.DrawFn) -> str:
    return f"---\n{_yaml_map(draw, draw(FIELDS), '')}---\n"


@st.composite
def toml_headers(draw: st.DrawFn) -> str:
    return f"+++\n{_toml_table(draw, draw(FIELDS), ())}+++\n"


@st.composite
def json_headers(draw: st.DrawFn) -> str:
    indent = draw(st.sampled_from([None, 0, 2, 4]))
    between = draw(st.sampled_from([(", ", ": "), (",", ":"), (",", ": "), (", ", " : ")]))
    ascii_alone = draw(st.booleans())
    values = plain(draw(FIELDS))
    return json.dumps(values, indent=indent, separators=between, ensure_ascii=ascii_alone) + "\n"


def _yaml_map(draw: st.DrawFn, fields: dict[str, Any], indent: str) -> str:
    lines = ""
    for name, value in fields.items():
        lines += draw(BETWEEN).replace("#", f"{indent}#")
        lines += f"{indent}{_yaml_name(draw, name)}:" + _yaml_value(draw, value, indent)
    return lines


def _yaml_value(draw: st.DrawFn, value: Any, indent: str) -> str:
    """With the space before it and the line's end."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        inner = indent + draw(st.sampled_from([" ", "  ", "    "]))
        return draw(COMMENTS) + "\n" + _yaml_map(draw, value, inner)
    if isinstance(value, list) and value and draw(st.booleans()):
        inner = indent + draw(st.sampled_from(["", "  ", "    "]))
        return draw(COMMENTS) + "\n" + _yaml_items(draw, value, inner)
    if isinstance(value, str) and "\n" in value and draw(st.booleans()):
        return _yaml_block(draw, value, indent)
    if value == "" and draw(st.booleans()):
        return " ''" + draw(COMMENTS) + "\n"
    spaces = draw(st.sampled_from([" ", " ", "   "]))
    return spaces + _yaml_flow(draw, value) + draw(COMMENTS) + "\n"


def _yaml_items(draw: st.DrawFn, items: list[Any], indent: str) -> str:
    lines = ""
    mark = draw(st.sampled_from(["- ", "-   "]))
    for item in items:
        lines += draw(BETWEEN).replace("#", f"{indent}#")
        if isinstance(item, dict) and item and draw(st.booleans()):
            inner = indent + " " * len(mark)
            fields = _yaml_map(draw, item, inner)
            lines += indent + mark + fields.lstrip("\n ")
        else:
            lines += indent + mark + _yaml_flow(draw, item) + draw(COMMENTS) + "\n"
    return lines


def _yaml_block(draw: st.DrawFn, text: str, indent: str) -> str:
    body = text.rstrip("\n")
    chomp = {0: "-", 1: ""}.get(len(text) - len(body), "+")
    sign = draw(st.sampled_from("|>"))
    lines = [f"{indent}  {line}" if line else "" for line in body.split("\n")]
    return f" {sign}{chomp}{draw(COMMENTS)}\n" + "\n".join(lines) + "\n"


def _yaml_name(draw: st.DrawFn, name: str) -> str:
    plain_name = name.replace("-", "").replace(" ", "").isalpha() and draw(st.booleans())
    return name if plain_name else json.dumps(name)


def _yaml_flow(draw: st.DrawFn, value: Any) -> str:
    comma = draw(st.sampled_from([", ", ",", " , "]))
    if isinstance(value, list):
        return f"[{comma.join(_yaml_flow(draw, item) for item in value)}]"
    if isinstance(value, dict):
        fields = (f"{_yaml_name(draw, k)}: {_yaml_flow(draw, v)}" for k, v in value.items())
        return f"{{{comma.join(fields)}}}"
    if isinstance(value, str):
        return _yaml_text(draw, value)
    if isinstance(value, date):
        return draw(st.sampled_from([value.isoformat(), str(value), f"'{value}'"]))
    return json.dumps(value)


def _yaml_text(draw: st.DrawFn, text: str) -> str:
    ways = [json.dumps(text), json.dumps(text)]
    if text.isprintable():
        ways.append("'" + text.replace("'", "''") + "'")
    if text.isalpha() or text == "two words":
        ways.append(text)
    return str(draw(st.sampled_from(ways)))


def _toml_table(draw: st.DrawFn, fields: dict[str, Any], at: tuple[str, ...]) -> str:
    lines, tables = "", ""
    for name, value in fields.items():
        path = (*at, _toml_name(draw, name))
        if isinstance(value, dict) and draw(st.booleans()):
            header = ".".join(path)
            table = _toml_table(draw, value, path)
            tables += f"{draw(BETWEEN)}[{header}]{draw(COMMENTS)}\n{table}"
        elif isinstance(value, dict) and value and draw(st.booleans()):
            for key, item in value.items():
                lines += f"{path[-1]}.{_toml_line(draw, _toml_name(draw, key), item)}"
        elif _is_tables(value) and draw(st.booleans()):
            for item in value:
                tables += f"[[{'.'.join(path)}]]\n{_toml_table(draw, item, path)}"
        else:
            lines += draw(BETWEEN) + _toml_line(draw, path[-1], value)
    return lines + tables


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _toml_line(draw: st.DrawFn, name: str, value: Any) -> str:
    equals = draw(st.sampled_from([" = ", "=", "  =  "]))
    indent = draw(st.sampled_from(["", "", "  "]))
    return indent + name + equals + _toml_value(draw, value) + draw(COMMENTS) + "\n"


def _toml_value(draw: st.DrawFn, value: Any, *, inline: bool = False) -> str:
    if isinstance(value, list):
        items = [_toml_value(draw, item, inline=inline) for item in value]
        if items and not inline and draw(st.booleans()):
            last = draw(st.sampled_from(["", ","]))
            lines = [f"  {item}," + draw(COMMENTS) for item in items[:-1]] + [
                f"  {items[-1]}{last}"
            ]
            return "[\n" + "\n".join(lines) + draw(COMMENTS) + "\n]"
        return f"[{', '.join(items)}]"
    if isinstance(value, dict):
        fields = (
            f"{_toml_name(draw, k)} = {_toml_value(draw, v, inline=True)}" for k, v in value.items()
        )
        return f"{{{', '.join(fields)}}}"
    if isinstance(value, str):
        return _toml_text(draw, value)
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def _toml_name(draw: st.DrawFn, name: str) -> str:
    bare = name.isascii() and name.replace("-", "").isalnum() and draw(st.booleans())
    return name if bare else json.dumps(name)


def _toml_text(draw: st.DrawFn, text: str) -> str:
    basic = json.dumps(text).replace("\x7f", "\\u007f")
    ways = [basic, basic, f'""{basic}""' if not text.endswith('"') else basic]
    if text.isprintable() and "'" not in text:
        ways += [f"'{text}'", f"'''{text}'''", f"'''\n{text}'''"]
    return str(draw(st.sampled_from(ways)))
