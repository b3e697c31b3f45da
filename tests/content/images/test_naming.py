"""Where front matter names pictures."""

from typing import Any

import pytest

from apps.content.images.naming import main, meanings, named, texts
from tests.tables import each_of

SOURCE, ROOT, SITE = "content/posts/trip/index.md", "content/", "https://a.example"


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ({}, ("", "")),
        ({"image": "a.jpg"}, ("a.jpg", "")),
        ({"image": "a.jpg", "image_alt": "A"}, ("a.jpg", "A")),
        ({"cover": {"image": "a.jpg", "alt": "A"}}, ("a.jpg", "A")),
        ({"image": {"src": "a.jpg"}}, ("a.jpg", "")),
        ({"images": ["a.jpg", "b.jpg"]}, ("a.jpg", "")),
        ({"image": 3, "cover": "a.jpg", "cover_alt": 7}, ("a.jpg", "")),
        ({"image": [], "cover": {}, "images": [{}]}, ("", "")),
    ],
)
def test_the_picture_that_stands_for_a_document_is_found(
    front: dict[str, Any], found: tuple[str, str]
) -> None:
    assert main(front) == found


@each_of(
    ("text", "found"),
    [
        ("map.jpg", ("content/posts/trip/map.jpg", "map.jpg")),
        ("media/a b.jpg", ("content/posts/trip/media/a b.jpg", "media/a b.jpg")),
        ("a%20b.jpg?x#y", ("content/posts/trip/a b.jpg", "a b.jpg")),
        ("../x.jpg", ("content/posts/x.jpg",)),
        ("../../../../x.jpg", ()),
        ("@/x.jpg", ("content/x.jpg",)),
        ("@/../../x.jpg", ()),
        ("/media/x.jpg", ("/media/x.jpg",)),
        ("//elsewhere.example/x.jpg", ()),
        ("https://a.example/media/x.jpg", ("/media/x.jpg",)),
        ("https://a.example.evil/x.jpg", ()),
        ("https://elsewhere.example/x.jpg", ()),
        ("data:image/png;base64,AAAA", ()),
    ],
)
def test_a_name_means_an_address_or_paths_in_the_repository(
    text: str, found: tuple[str, ...]
) -> None:
    assert meanings(text, SOURCE, ROOT, SITE) == found


def test_texts_are_found_however_deep_and_only_of_pictures() -> None:
    front = {"a": "x.jpg", "b": {"c": ["y.PNG", 3, {"d": "z.txt"}]}, "e": "v.svg?x", "f": "y" * 99}
    assert list(texts(front, 20)) == ["x.jpg", "y.PNG", "v.svg?x"]
    assert list(texts({"a": "x" * 20 + ".jpg"}, 20)) == []
    deep: Any = "x.jpg"
    for _ in range(5):
        deep = [deep]
    assert list(texts(deep, 20)) == []


@pytest.mark.parametrize("value", [None, 3, {}, [], [[]], {"src": 3}])
def test_anything_else_names_nothing(value: Any) -> None:
    assert named(value) == ""
