"""What the docs say of extensions in the console is so."""

from apps.console.extending.bounds import TRIALS, UPLOAD_SECONDS
from apps.console.extending.verbs import CONFIGURE, RELEASE, VERBS
from apps.extensions.limits import EXTENSION_BYTES, FILES, MIB, PACKED_BYTES
from tests import docs

TEXT = docs.read("console.md").partition("\n## Extensions\n")[2].partition("\n## ")[0]
ROOM = " ".join(TEXT.split())


def test_the_figures_are_those_of_the_bounds() -> None:
    assert f"{PACKED_BYTES // MIB} MB, and {EXTENSION_BYTES // MIB} MB unpacked" in ROOM
    assert f"more than {FILES:,} files" in ROOM
    assert f"The last {TRIALS} trials" in ROOM and "waits for a day" in ROOM
    assert UPLOAD_SECONDS == 24 * 60 * 60


def test_every_right_is_told() -> None:
    for action in {each.action for each in VERBS} | {CONFIGURE, RELEASE, "grant-capability"}:
        assert f"`{action}`" in ROOM
