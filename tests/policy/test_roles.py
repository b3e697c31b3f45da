"""`policies/roles.toml`, hostile until it is read."""

import pytest

from apps.policy.entities import Person
from apps.policy.limits import ID_CHARACTERS, KEY_PARTS, ROLE_MEMBERS, ROLES
from apps.policy.roles import NO_ROLES, RolesUnreadable, read_roles
from tests.tables import each_of


def test_people_have_the_roles_that_name_them() -> None:
    roles = read_roles('[roles]\neditors = ["linus", "ada"]\nadmins = ["ada"]\nempty = []\n')
    assert roles.person("ada") == Person("ada", ("admins", "editors"))
    assert roles.person("eve") == Person("eve")
    assert roles.people() == ("ada", "linus")


def test_a_file_may_be_empty() -> None:
    assert read_roles("") == read_roles("[roles]") == NO_ROLES


@each_of(
    ("text", "said"),
    [
        ("x", "no TOML"),
        ("roles = 3", "no table"),
        ("[role]", "'role'"),
        ("[roles]\na = []\n[more]", "'more'"),
        ("[roles]\na = 'ada'", "no list"),
        ("[roles]\na = [3]", "nobody"),
        ("[roles]\na = ['']", "nobody"),
        ("[roles]\na = ['a b']", "nobody"),
        ("[roles]\na = ['a\"b']", "nobody"),
        ("[roles]\na = ['ada', 'ada']", "twice"),
        ("[roles]\nEditors = []", "no name"),
        ("[roles.a]\nb = []", "no list"),
        ("[roles]\na = " + "[" * 5000, "deep"),
        ("[roles]\n" + "a." * 20_000 + "a = 1", "parts"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(RolesUnreadable, match=said):
        read_roles(text)


def test_the_bounds_hold_from_both_sides() -> None:
    def roles(number: int) -> str:
        return "[roles]\n" + "\n".join(f"r{each} = []" for each in range(number))

    def members(number: int) -> str:
        return f"[roles]\na = {[f'p{each}' for each in range(number)]}"

    for fits, exceeds in (
        (roles(ROLES), roles(ROLES + 1)),
        (members(ROLE_MEMBERS), members(ROLE_MEMBERS + 1)),
        (f"[roles]\n{'a' * ID_CHARACTERS} = []", f"[roles]\n{'a' * (ID_CHARACTERS + 1)} = []"),
    ):
        assert read_roles(fits)
        with pytest.raises(RolesUnreadable):
            read_roles(exceeds)
    with pytest.raises(RolesUnreadable, match="parts"):
        read_roles("a." * KEY_PARTS + "a = 1")
    with pytest.raises(RolesUnreadable, match="not known"):
        read_roles("a." * (KEY_PARTS - 1) + "a = 1")
