"""Capabilities, states and differences of versions in words for people who write no programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.extensions.capabilities import find
from apps.extensions.owning.plans import Grant, News


@dataclass(frozen=True, slots=True)
class Granted:
    """`words` end the sentence "It may …"."""

    name: str
    words: str


def capability_words(names: Iterable[str]) -> list[Granted]:
    found = ((name, find(name)) for name in sorted(set(names)))
    return [Granted(name, row.words if row else name) for name, row in found]


def granted_words(grants: Iterable[Grant]) -> list[Granted]:
    return capability_words(each.capability for each in grants)


def news_words(news: News | None) -> dict[str, Any]:
    if news is None:
        return {}
    before, after = news.version
    told = _("Version %(after)s, as before, with other files")
    if not before:
        told = _("Version %(after)s")
    elif before != after:
        told = _("Version %(before)s becomes %(after)s")
    return {
        "version": told % {"before": before, "after": after},
        "no_longer": capability_words(news.no_longer),
        "settings": news.settings,
    }
