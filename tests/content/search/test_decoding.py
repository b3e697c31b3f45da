"""What a visitor types is read as the words, phrases and qualifiers that are meant by it."""

from apps.content.queries.tree import EVERYTHING, NOTHING
from apps.content.search.decoding import decode, taxonomies_in, widened, words_of
from apps.content.search.matching import unwanted, wanted
from apps.content.search.query import Term
from tests.tables import each_of

WANTED = {
    "old mill": '"old" AND "mill"',
    '"old mill"': '"old mill"',
    "\u201cold mill\u201d": '"old mill"',
    '"old mill': '"old mill"',
    "mil*": '"mil"*',
    "c++ c#": '"c"',
    "rust-lang.org": '"rust lang org"',
    "https://example.org/a": '"https example org a"',
    "foo:bar": '"foo bar"',
    "before:soon": '"before soon"',
    "in:nowhere": '"in nowhere"',
    "author:ada": '{authors} : "ada"',
    "in:title,text old": '{title body} : "old"',
    "\u6771\u4eac": '"\u6771 \u4eac"',
    "river river": '"river"',
    "! ?": "",
}


@each_of("text", WANTED)
def test_words_become_a_question_of_words(text: str) -> None:
    assert wanted(decode(text)) == WANTED[text]


def test_a_dash_before_a_word_leaves_it_out() -> None:
    query = decode('mill -river -"old one" -author:ada well-known')
    assert wanted(query) == '"mill" AND "well known"'
    assert unwanted(query) == '"river" OR "old one" OR {authors} : "ada"'


@each_of(
    "text",
    [
        *("type:x", "section:x", "before:2024", "after:2024-02", "lang:de", "tag:x", "tags:x"),
        *("TAG:x", 'tag:"x y"', "-tag:x"),
    ],
)
def test_a_qualifier_is_a_filter_and_no_word(text: str) -> None:
    query = decode(text, ("tags",), "en")
    assert query.terms == query.without == ()
    assert query.where not in (EVERYTHING, NOTHING)


def test_a_taxonomy_is_known_by_one_of_its_terms() -> None:
    assert "tags" in taxonomies_in("tag:x")
    assert "categories" in taxonomies_in("category:x")
    assert "series" in taxonomies_in("series:x")
    assert taxonomies_in("before:2024 type:x words") == ()
    assert decode("tag:x").terms == (Term("tag x"),)


def test_what_qualifies_nothing_is_empty() -> None:
    for text in ("", " ", "-", '""', "*", "()"):
        assert decode(text).is_empty
    for text in ("a", "-a", "path:a", "before:2024"):
        assert not decode(text).is_empty


def test_the_last_word_may_go_on_where_it_is_long_enough() -> None:
    wider = widened(decode("old mil -x in:title"))
    assert wider is not None and wanted(wider) == '{title} : "old" AND {title} : "mil"*'
    assert unwanted(wider) == '"x"'
    for text in ("mil*", "mi", "", "before:2024"):
        assert widened(decode(text)) is None


def test_words_to_mark_are_those_of_all_terms() -> None:
    assert words_of(decode('"old mill" riv* -gone').terms) == (
        *(("old", False), ("mill", False), ("riv", True)),
    )
