"""What somebody has typed outlives whatever crashes, and overwrites nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.console.writing import drafts
from apps.console.writing.draft_bounds import DRAFT_BYTES, DRAFT_DAYS, DRAFT_FIELDS
from apps.console.writing.drafts import NEW, Draft, Drafts, Elsewhere, decoded, encoded, ref_of
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.source import SiteSource
from tests.sites import SiteRepository

ADA, PATH, MOMENT = "ada@example.org", "content/one.md", 1_800_000_000


class Desk:
    def __init__(self, folder: Path) -> None:
        self.repository = SiteRepository(folder / "repository.git")
        self.base = self.repository.commit({PATH: "one"})
        source = SiteSource(remote="/nowhere", branch="main", folder=folder, asset_bytes=1)
        self.drafts = Drafts(source)

    def keep(
        self,
        text: str,
        expected: str = "",
        *,
        owner: str = ADA,
        what: str = PATH,
        moment: int = MOMENT,
    ) -> str:
        form = (("body", text), ("tags", "a"), ("tags", "b"))
        draft = Draft(owner=owner, what=what, base=self.base, form=form, moment=moment)
        return self.drafts.keep(draft, Author("Ada", "ada@x.org", f"{moment} +0000"), expected)

    def body(self, owner: str = ADA, what: str = PATH) -> str | None:
        found = self.drafts.mine(owner, what)
        return str(found.as_query()["body"]) if found else None

    def refs(self) -> set[str]:
        return set(self.repository.git.refs(drafts.DRAFTS))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_kept_is_found_again_as_it_was(desk: Desk) -> None:
    assert desk.body() is None
    version = desk.keep("Grüße 🦉")
    found = desk.drafts.mine(ADA, PATH)
    assert found and found.version == version and found.base == desk.base
    assert found.as_query().getlist("tags") == ["a", "b"]
    assert desk.drafts.at(version, ADA, PATH) == found
    assert desk.drafts.at(version, "bob", PATH) is None


def test_another_window_overwrites_nothing(desk: Desk) -> None:
    first = desk.keep("first")
    with pytest.raises(Elsewhere) as told:
        desk.keep("a second window that knows of none")
    assert told.value.draft and told.value.draft.version == first
    second = desk.keep("second", first)
    with pytest.raises(Elsewhere):
        desk.keep("late", first)
    assert desk.body() == "second"
    assert desk.keep("third", second) and desk.body() == "third"


def test_each_person_and_document_has_a_draft_of_its_own(desk: Desk) -> None:
    for owner, what in ((ADA, PATH), (ADA, NEW), ("bob", PATH)):
        desk.keep(f"{owner} {what}", owner=owner, what=what)
    assert desk.body("bob") == f"bob {PATH}" and len(desk.refs()) == 3
    assert [each.owner for each in desk.drafts.others(ADA, PATH)] == ["bob"]
    assert {each.what for each in desk.drafts.all_of(ADA)} == {PATH, NEW}


def test_what_was_saved_is_forgotten_and_a_newer_one_is_not(desk: Desk) -> None:
    first = desk.keep("first")
    desk.keep("second", first)
    assert not desk.drafts.forget(ADA, PATH, first) and desk.body() == "second"
    assert desk.drafts.forget(ADA, PATH) and not desk.refs()
    assert not desk.drafts.forget(ADA, PATH)


def test_old_ones_go_when_a_new_one_comes(desk: Desk) -> None:
    desk.keep("old", what="a.md", moment=MOMENT - DRAFT_DAYS * drafts.DAY - 1)
    desk.keep("young", what="b.md", moment=MOMENT - DRAFT_DAYS * drafts.DAY)
    desk.keep("new")
    assert desk.refs() == {ref_of(ADA, "b.md"), ref_of(ADA, PATH)}


def test_the_oldest_gives_way_to_one_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "DRAFTS_EACH", 2)
    for number in range(3):
        desk.keep("x", what=f"{number}.md", moment=MOMENT + number)
    assert desk.refs() == {ref_of(ADA, "1.md"), ref_of(ADA, "2.md")}


def test_what_is_too_much_is_refused_and_changes_nothing(desk: Desk) -> None:
    first = desk.keep("x")
    with pytest.raises(GitFault, match="bytes"):
        desk.keep("x" * DRAFT_BYTES, first)
    many = Draft(owner=ADA, what=PATH, base="", form=(("a", "b"),) * (DRAFT_FIELDS + 1), moment=1)
    with pytest.raises(GitFault):
        encoded(many)
    assert desk.body() == "x"


TEXT = st.text(max_size=40)
FORM = st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple)


@given(owner=TEXT, what=TEXT, form=FORM, moment=st.integers(0, 2**40))
@settings(max_examples=40)
def test_every_form_comes_back_as_it_went(
    owner: str, what: str, form: tuple[tuple[str, str], ...], moment: int
) -> None:
    draft = Draft(owner=owner, what=what, base="b", form=form, moment=moment, version="v")
    assert decoded(encoded(draft), "v") == draft


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b'{"format":1}', b"[1]", b"null", b"1"]))
@settings(max_examples=40)
def test_what_is_no_draft_is_none(content: bytes) -> None:
    assert decoded(content, "v") is None
