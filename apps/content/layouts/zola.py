"""Documents that were written for Zola: their front matter in our keys. Pure."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from apps.content.layouts.rules import LeftOut
from apps.content.parts import Part


def neutral(part: Part, source: str, front: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises LeftOut for a document of another language, and for one that Zola does not render."""
    named = PurePosixPath(source).stem.rpartition(".")[2]
    if named != PurePosixPath(source).stem and named in part.foreign.languages[1:]:
        raise LeftOut("document.language", f"it is in {named}; one language of a site is served")
    if front.get("render") is False:
        return {**front, "visibility": "private"}
    return front
