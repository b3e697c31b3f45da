import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.importing.tables import with_menus

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LINES = st.lists(st.fixed_dictionaries({"title": TEXT}), min_size=1, max_size=3)


@given(st.dictionaries(TEXT, LINES, min_size=1, max_size=3))
@settings(max_examples=10)
def test_menus_are_read_as_they_were_written(menus: dict[str, list[dict[str, str]]]) -> None:
    made = with_menus(b'[whispercms]\ntitle = "x"', menus)
    assert made is not None
    assert tomllib.loads(made.decode())["whispercms"].get("menus", {}) == menus


def test_what_stands_in_the_file_stays_as_it_is() -> None:
    config = b'# mine\n[whispercms]\ntitle = "x"   # so\n\n[[whispercms.menus.main]]\ntitle = "a"\n'
    made = with_menus(config, {"short": [{"title": "b", "weight": 3}]})
    assert made == config + b'\n[[whispercms.menus."short"]]\ntitle = "b"\nweight = 3\n'


@pytest.mark.parametrize(
    "config", [b'whispercms = { title = "x" }', b"[whispercms]\nmenus = {}", b"= broken", b"\xff"]
)
def test_nothing_is_added_where_no_table_can_stand(config: bytes) -> None:
    assert with_menus(config, {"main": [{"title": "b"}]}) is None
