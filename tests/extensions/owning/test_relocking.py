"""The lock is rewritten as its people left it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.editing import ABSENT
from apps.extensions.lock import Entry, Tables, read_lock, write_lock
from apps.extensions.owning.relocking import changes, relocked
from tests.scribes import OWN

TOC = Entry(capabilities=["read:site"])
WRITTEN = b"""# Ask Ada before you add one.
[plugins.toc]
capabilities = [ "read:site" ] # since May
[plugins.words]
capabilities = []
"""
NAMES = st.dictionaries(
    st.sampled_from(["a", "b-c", "d"]),
    st.builds(Entry, capabilities=st.lists(st.sampled_from(["read:site", "x"]), max_size=2)),
)
TABLES = st.builds(Tables, themes=NAMES, plugins=NAMES)


def test_comments_and_style_stay_where_a_pin_changes() -> None:
    wanted = write_lock(read_lock(WRITTEN).tables.having("plugin", "words", TOC))
    made = relocked(WRITTEN, wanted, OWN).decode()
    assert made == WRITTEN.decode().replace("= []", '= ["read:site"]')


def test_a_file_of_this_program_stays_in_its_order_and_style() -> None:
    before = write_lock(Tables(plugins={"toc": TOC}))
    wanted = write_lock(Tables(plugins={"toc": TOC}, themes={"a": TOC}))
    assert relocked(before, wanted, OWN) == relocked(None, wanted, OWN) == wanted


def test_a_pin_that_is_new_stands_at_the_end() -> None:
    wanted = write_lock(read_lock(WRITTEN).tables.having("theme", "field", TOC))
    added = b'\n[themes.field]\ncapabilities = ["read:site"]\n'
    assert relocked(WRITTEN, wanted, OWN) == WRITTEN + added


def test_what_cannot_be_kept_is_written_anew() -> None:
    inline = b"plugins = { toc = { capabilities = [] } } # Ours.\n"
    wanted = write_lock(read_lock(inline).tables.having("plugin", "words", TOC))
    assert relocked(inline, wanted, OWN) == wanted


def test_what_is_alike_is_not_changed_and_what_is_gone_goes() -> None:
    before, after = Tables(plugins={"toc": TOC, "b": TOC}), Tables(plugins={"toc": TOC})
    assert changes(before, before) == {}
    assert changes(before, after) == {("plugins", "b"): ABSENT}


@settings(max_examples=30)
@given(TABLES, TABLES)
def test_whatever_people_wrote_the_pins_are_those_that_were_wanted(
    before: Tables, after: Tables
) -> None:
    written = b"# Ours.\n" + write_lock(before)
    made = relocked(written, write_lock(after), OWN)
    assert read_lock(made).tables == after
    assert made.startswith(b"# Ours.\n")
