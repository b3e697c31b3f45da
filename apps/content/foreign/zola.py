"""Zola's `config.toml`. Pure."""

from dataclasses import replace

from apps.content.elements import names
from apps.content.foreign.values import (
    BASE_URL,
    LANGUAGE,
    NOTHING,
    Foreign,
    Values,
    table,
    tables,
    text,
    unknown,
)

KNOWN = names("base_url title description default_language taxonomies languages whispercms extra")


def decode(values: Values) -> Foreign:
    named = tuple(text(each, "name") for each in tables(values.get("taxonomies")))
    language = text(values, "default_language", pattern=LANGUAGE)
    others = tuple(sorted(code for code in table(values, "languages") if code != language))
    return replace(
        NOTHING,
        title=text(values, "title"),
        description=text(values, "description"),
        base_url=text(values, "base_url", pattern=BASE_URL),
        language=language,
        taxonomies=tuple(name for name in named if name) or None,
        languages=(language or "en", *others) if others else (),
        unused=unknown(values, KNOWN),
    )
