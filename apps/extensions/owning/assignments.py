"""`KEY=VALUE` as a person types it, read by what the extension says its settings are. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from apps.extensions.settings_schema import Setting, check_settings

BOOLEANS = {"true": True, "false": False}


def assigned(
    schema: Mapping[str, Setting],
    before: Mapping[str, Any],
    texts: Iterable[str],
    unset: Iterable[str] = (),
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The settings as they are to be, and all that is wrong with them. Settings that the site has
    already are held against the schema again."""
    values, wrong = dict(before), list[str]()
    named = list[str]()
    for text in texts:
        key, equals, value = text.partition("=")
        named.append(key)
        if not equals or not key:
            wrong.append(f"{text[:80]!r}: write KEY=VALUE")
        elif key in schema:
            values[key] = _read(schema[key], value)
        else:
            values[key] = value
    for key in unset:
        named.append(key)
        if key not in before:
            wrong.append(f"{key[:80]}: it is not set")
        values.pop(key, None)
    wrong += (f"{key[:80]} is named twice" for key in sorted(set(named)) if named.count(key) > 1)
    return values, (*wrong, *check_settings(schema, values)[1])


def _read(setting: Setting, text: str) -> Any:
    """What cannot be read as its type stays a text, which the schema then refuses."""
    if setting.type == "string":
        return text
    if setting.type == "boolean":
        return BOOLEANS.get(text, text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return [text] if setting.type == "strings" and text else text
    return value
