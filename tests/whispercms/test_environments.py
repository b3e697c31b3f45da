import pytest

from tests.tables import each_of
from whispercms.environments import DEFAULT, MOST, decoded, resolved


def test_without_settings_the_default_branch_is_main() -> None:
    branches, served = resolved(None, None, None)
    assert branches == {"preview": "preview", "admin": "admin", "main": None}
    assert served == "main"


def test_a_branch_alone_is_served_as_before() -> None:
    assert resolved(None, None, "master")[0]["main"] == "master"
    assert resolved(None, None, "master")[1] == "main"


def test_a_branch_that_an_environment_has_is_that_environment() -> None:
    branches, served = resolved(None, None, "preview")
    assert (served, branches["preview"], branches["main"]) == ("preview", "preview", None)


def test_an_environment_that_is_named_is_served() -> None:
    assert resolved(None, "preview", "master") == (
        {"preview": "preview", "admin": "admin", "main": "master"},
        "preview",
    )


@pytest.mark.parametrize(
    ("named", "wanted", "branch"),
    [(None, "nosuch", None), ((("live", "live"),), None, None), ((("live", "live"),), None, "x")],
)
def test_what_names_no_environment_is_refused(
    named: tuple[tuple[str, str], ...] | None, wanted: str | None, branch: str | None
) -> None:
    with pytest.raises(ValueError, match="environment"):
        resolved(named, wanted, branch)


def test_both_forms_are_read() -> None:
    assert decoded("preview=preview, main=") == (("preview", "preview"), ("main", ""))
    assert decoded({"preview": "drafts", "main": ""}) == (("preview", "drafts"), ("main", ""))


@each_of(
    "value",
    [
        "",
        "a=x,b=x",
        "a=x,a=y",
        "A=x",
        "a b=x",
        "a=-x",
        "a=x..y",
        3,
        ["a"],
        {"a": 1},
        {f"e{number}": f"b{number}" for number in range(MOST + 1)},
    ],
)
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"has|is|cannot"):
        decoded(value)


def test_as_many_as_are_allowed_are_read() -> None:
    assert len(decoded({f"e{number}": f"b{number}" for number in range(MOST)})) == MOST
    assert decoded(dict(DEFAULT)) == DEFAULT
