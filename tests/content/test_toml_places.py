"""The line of a value, found again in the text it was read from."""

from apps.content.toml_places import Place, Places
from tests.tables import each_of

TEXT = '''id = "a"   # 1
"quoted key" = 1

[settings.words]
type = "integer"
a.b = 1
[[routes]]
name = "x"
[routes.query]
tags = "{term}"
[[routes]]
text = """
name = "not a key"
"""
name = "y"
'''


@each_of(
    ("place", "line"),
    [
        (["id"], 1),
        (["quoted key"], 2),
        (["settings", "words", "type"], 5),
        (["settings", "words", "a", "b"], 6),
        (["settings", "words", "missing"], 4),
        (["routes", 0, "name"], 8),
        (["routes", 0, "query", "tags"], 10),
        (["routes", 1, "name"], 15),
        (["routes", 1], 11),
        (["nowhere"], 1),
        ([], 1),
    ],
)
def test_a_place_is_found_or_what_is_nearest_to_it(place: Place, line: int) -> None:
    assert Places(TEXT).line(place) == line


@each_of("piece", ["a", "a.", '"', "[", "[[a", "= ", "a =\n", "'''", "\\"])
def test_any_text_is_read_in_time_proportional_to_it(piece: str) -> None:
    assert Places(piece * (65_536 // len(piece))).line(["x"]) == 1
