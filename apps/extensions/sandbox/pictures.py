"""What `image` gives a template: pictures that came with the request, by the theme's recipes."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.content.images.naming import named
from apps.content.images.renditions import described, picture_of, recipe_of


class Pictures:
    """`known` is replaced with each request: by the name that a template uses, what
    `picture_as_json` wrote."""

    def __init__(self, theme: str, images: Mapping[str, Any]) -> None:
        self._theme = theme
        self._library: Sequence[str] = tuple(images.get("library") or ())
        told = images.get("recipes") or {}
        self.recipes = {name: recipe_of(recipe) for name, recipe in told.items()}
        self.known: Mapping[str, Any] = {}

    def described(self, file: Any, name: str) -> dict[str, Any] | None:
        """None for what is no file of the site, or was not there when the page was observed."""
        told = self.known.get(named(file))
        if told is None:
            return None
        place = self._theme, name
        return described(picture_of(told), self.recipes[name], place, self._library)
