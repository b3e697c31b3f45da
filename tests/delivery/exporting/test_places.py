"""No address leads out of the folder, and none hides another."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.exporting.bounds import MANIFEST, NAME_BYTES, PLACE_BYTES, STAGING
from apps.delivery.exporting.places import Unplaceable, clashes, place
from tests.tables import each_of

NAMES = st.sampled_from(["a", "A", "b", "index.html", "é", "e\u0301", "ß", "ss"])
LONGEST = "xx/" + "x/" * ((PLACE_BYTES - 4) // 2) + "x"
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/", "index.html"),
        ("/posts/", "posts/index.html"),
        ("/a.html", "a.html"),
        ("/media/file name.txt", "media/file name.txt"),
        ("/ü/?*:/", "ü/?*:/index.html"),
        (f"/{'x' * NAME_BYTES}", "x" * NAME_BYTES),
        (f"/{LONGEST}", LONGEST),
    ],
)
def test_an_address_that_ends_in_a_slash_is_a_folder_with_a_page(address: str, found: str) -> None:

    assert place(address) == found


@each_of(
    "address",
    [
        *("/../a", "/a/../b", "/./a", "/a//b", "/a\\b", "/a\0b", "/a\nb", "//a", "/.."),
        *(f"/{MANIFEST}", f"/{STAGING}/a", f"/{MANIFEST.upper()}/", f"/{'x' * (NAME_BYTES + 1)}"),
        *(f"/{'é' * (NAME_BYTES // 2 + 1)}", f"/{'x/' * (PLACE_BYTES // 2)}x"),
    ],
)
def test_what_no_folder_holds_is_refused(address: str) -> None:
    with pytest.raises(Unplaceable):
        place(address)


@given(st.text(max_size=40))
def test_no_address_leads_out_of_the_folder(text: str) -> None:
    try:
        found = place(f"/{text}")
    except Unplaceable:
        return
    parts = PurePosixPath(found).parts
    assert parts and ".." not in parts and not found.startswith("/") and "\0" not in found
    assert "/".join(parts) == found


@given(st.sets(PATHS, max_size=6))
def test_what_does_not_clash_has_room_of_its_own_in_any_file_system(paths: set[str]) -> None:
    addresses = {path: f"/{path}" for path in paths}
    left = paths - {each.path.removeprefix("/") for each in clashes(addresses)}
    assert bool(left) == bool(paths)
    assert clashes({path: f"/{path}" for path in left}) == []
    files = {path.lower().replace("e\u0301", "é").replace("ß", "ss") for path in left}
    assert len(files) == len(left)
    assert not [a for a in files for b in files if b.startswith(f"{a}/")]


def test_a_clash_names_both_and_the_remedy() -> None:
    (found,) = clashes({"a": "/a", "a/index.html": "/a/"})
    assert (found.path, found.code) == ("/a/", "export.clash")
    assert "/a:" in found.reason and "change the address" in found.reason
