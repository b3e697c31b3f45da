"""The list of an export is the same for the same files, and read as if anybody had written it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.exporting.manifest import Exported, Manifest, ManifestError, decoded, encoded

DIGEST = "0" * 64
FILES = st.lists(
    st.builds(
        Exported,
        path=st.sampled_from(["a", "b/c.html", "ü/x y", "z"]),
        sha256=st.just(DIGEST),
        bytes=st.integers(0, 2**60),
        type=st.text(),
    ),
    unique_by=lambda each: each.path,
)


@given(FILES, st.text(), st.text())
def test_it_says_what_it_was_told_in_one_order(
    files: list[Exported], release: str, base_url: str
) -> None:
    made = Manifest(commit="c", release=release, base_url=base_url, files=tuple(files))
    turned = Manifest(commit="c", release=release, base_url=base_url, files=tuple(files[::-1]))
    assert encoded(made) == encoded(turned)
    found = decoded(encoded(made))
    assert set(found.files) == set(files) and encoded(found) == encoded(made)


def listed(**changes: object) -> bytes:
    file = {"path": "a", "sha256": DIGEST, "bytes": 1, "type": "text/plain", **changes}
    head = {"version": 1, "commit": "c", "release": "", "base_url": ""}
    return json.dumps({**head, "files": [file]}).encode()


def test_what_an_export_wrote_is_read() -> None:
    assert decoded(listed()).paths == {"a"}


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{", b"\xff", b'{"version": 2}', b'{"version": 1}', b"[" * 100_000),
        *(listed(path=path) for path in ("../a", "/a", "a/../../b", "", "a//b", "\ud800", 1)),
        *(listed(path=".whispercms-export/x"), listed(sha256="x"), listed(bytes=-1)),
        *(listed(bytes=True), listed(bytes="1"), listed(type=None)),
        listed().replace(b'"files": [', b'"files": [3, '),
    ],
    ids=lambda content: repr(content[-60:]),
)
def test_nothing_else_is(content: bytes) -> None:
    with pytest.raises(ManifestError):
        decoded(content)


def test_a_file_is_named_once() -> None:
    values = json.loads(listed())
    values["files"] *= 2
    with pytest.raises(ManifestError, match="twice"):
        decoded(json.dumps(values).encode())
