"""A secret is had by its name, from whatever file it is in."""

import pytest

from apps.policy.secrets.faults import LIMIT, MISSING, NAME, TAMPERED, SecretFault
from apps.policy.secrets.limits import FILES
from apps.policy.secrets.references import LOCAL, SITE, Reference, reference
from apps.policy.secrets.sealing import new_file
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.vault import Entry, Vault
from tests.policy.secrets.samples import ADA, JSON, NOW, PUBLISHED, ROPS, SOPS_AGE, YAML, made


def vault(files: dict[str, bytes]) -> Vault:
    return Vault(files, lambda: [ADA, ROPS, SOPS_AGE])


def fault(act: object) -> SecretFault:
    with pytest.raises(SecretFault) as caught:
        act()  # type: ignore[operator]
    assert caught.value.remedy
    return caught.value


BOTH = vault({YAML: made(a="one", mail__password="two"), JSON: made(JSON, b="three")})


def test_secrets_are_found_in_all_files() -> None:
    assert BOTH.entries() == (Entry(JSON, "b"), Entry(YAML, "a"), Entry(YAML, "mail.password"))
    assert BOTH.value(BOTH.find("mail.password")) == Secret("two")
    assert BOTH.value(BOTH.find("b")) == Secret("three")


def test_names_are_known_without_a_key() -> None:
    closed = Vault({YAML: made(a="one")}, lambda: pytest.fail("no key was needed"))
    assert closed.entries() == (Entry(YAML, "a"),)


def test_what_is_missing_is_told_by_name_with_the_remedy() -> None:
    missing = fault(lambda: BOTH.find("none"))
    assert missing.code == MISSING and "secrets set none" in missing.remedy
    assert "'none'" in missing.reason and YAML in missing.place
    assert fault(lambda: vault({}).find("a")).code == MISSING
    assert fault(lambda: BOTH.find("../a")).code == NAME


def test_a_name_that_stands_in_two_files_is_nobody_s() -> None:
    two = vault({YAML: made(a="one"), JSON: made(JSON, a="two")})
    assert fault(lambda: two.find("a")).code == NAME


def test_a_changed_file_is_told_by_its_path() -> None:
    bad = vault({YAML: made(a="one").replace(b"a: ENC", b"z: ENC")})
    told = fault(lambda: bad.value(bad.find("z")))
    assert told.code == TAMPERED and told.place.startswith(YAML)


def test_values_of_lists_and_in_plain_form_are_no_secrets() -> None:
    names = {p.name: p.read_bytes() for p in PUBLISHED.glob("*.yaml")}
    found = {(each.file, each.name) for each in vault(names).entries()}
    assert ("sops-age.sops.yaml", "complex.value") in found
    assert not any(name.startswith("complex.array") for _, name in found)
    assert not any("unencrypted" in name for _, name in found)
    assert not any(file == "rops-empty.sops.yaml" for file, _ in found)


def test_there_are_bounds_on_files() -> None:
    empty = new_file(YAML, [ADA.recipient], now=NOW)
    files = {f"secrets/{n}.sops.yaml": empty for n in range(FILES)}
    assert vault(files).entries() == ()
    assert fault(lambda: vault({**files, YAML: empty})).code == LIMIT


def test_a_setting_names_a_secret_or_stands_for_itself() -> None:
    assert reference("secret:a.b") == Reference(SITE, "a.b")
    assert reference("local: a") == Reference(LOCAL, "a")
    assert reference("a secret:b") is None
    for text in ("secret:", "local:a b", "secret:../a", "secret:1"):
        assert fault(lambda text=text: reference(text)).code == NAME
