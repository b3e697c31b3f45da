"""What a person types for settings, read by what the manifest says, all defects at once."""

from apps.extensions.owning.assignments import assigned
from apps.extensions.settings_schema import Setting
from tests.tables import each_of

SCHEMA = {
    "text": Setting(type="string", default=""),
    "count": Setting(type="integer", default=1, minimum=1),
    "share": Setting(type="number", default=0.5),
    "on": Setting(type="boolean", default=False),
    "names": Setting(type="strings", default=()),
}


@each_of(
    ("text", "value"),
    [
        ("text=5", "5"),
        ("text=", ""),
        ("text=a=b", "a=b"),
        ("count=7", 7),
        ("share=2", 2),
        ("share=0.25", 0.25),
        ("on=true", True),
        ('names=["a", "b"]', ["a", "b"]),
        ("names=a", ["a"]),
        ("names=[]", []),
    ],
)
def test_a_value_is_read_as_its_type(text: str, value: object) -> None:
    assert assigned(SCHEMA, {}, [text]) == ({text.partition("=")[0]: value}, ())


def test_all_defects_are_told_together() -> None:
    texts = ["count=x", "on=yes", "share=NaN", "nosuch=1", "text", "names=[1]"]
    _, wrong = assigned(SCHEMA, {"gone": 1}, texts, ["count2"])
    assert len(wrong) == 8
    told = "\n".join(wrong)
    for part in (
        "'text': write KEY=VALUE",
        "count2: it is not set",
        "gone: there is no such setting",
        "nosuch: there is no such setting",
        "count must be a whole number",
        "names must be a list of texts",
        "on must be true or false",
        "share must be finite",
    ):
        assert part in told


def test_what_is_not_named_stays_and_what_is_unset_goes() -> None:
    before = {"count": 3, "text": "a"}
    assert assigned(SCHEMA, before, ["on=true"], ["text"]) == ({"count": 3, "on": True}, ())


def test_a_setting_is_named_once() -> None:
    assert assigned(SCHEMA, {}, ["count=2", "count=3"])[1] == ("count is named twice",)
