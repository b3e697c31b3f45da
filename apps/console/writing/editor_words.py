"""What the scripts of the editor say, translated. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def words() -> Mapping[str, Any]:
    return {
        "text": _("Text"),
        "count": {"one": _("word"), "other": _("words")},
        "placeholders": {"link": _("text"), "image": _("what is to be seen")},
        "preview": _preview(),
        "drafts": _drafts(),
        "media": _media(),
        "phrases": _phrases(),
    }


def _preview() -> Mapping[str, str]:
    return {
        "address": _("This page:"),
        "none": _("There is no page to be shown yet."),
        "offline": _("No connection: the preview waits for it."),
        "unavailable": _("The preview cannot be made at the moment."),
        "link": _("This link leads to"),
        "line": _("Line"),
    }


def _drafts() -> Mapping[str, str]:
    return {
        "kept": _("Not saved yet; a draft was kept at"),
        "here": _("Not saved yet; kept in this browser."),
        "offline": _("No connection: your text is kept in this browser and sent later."),
        "loggedOut": _(
            "You are logged out: your text is kept in this browser. Log in again in another"
            " window, and it is sent."
        ),
        "refused": _("The server could not keep the draft: it is kept in this browser."),
        "elsewhere": _("This page was changed in another window at"),
        "keepMine": _("Keep this text"),
        "takeOther": _("Take the other one"),
        "found": _("This browser has changes that were not saved, of"),
    }


def _media() -> Mapping[str, str]:
    return {
        "none": _("There is no such picture yet: upload it."),
        "failed": _("The pictures cannot be listed at the moment."),
        "uploading": _("Uploading…"),
    }


def _phrases() -> Mapping[str, str]:
    """Of the search, by what they are in English."""
    return {
        "Find": _("Find"),
        "Replace": _("Replace"),
        "next": _("next"),
        "previous": _("previous"),
        "all": _("all"),
        "match case": _("match case"),
        "regexp": _("pattern"),
        "by word": _("whole words"),
        "replace": _("replace"),
        "replace all": _("replace all"),
        "close": _("close"),
    }
