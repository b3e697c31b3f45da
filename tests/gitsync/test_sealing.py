"""A change of the site's secrets is one commit; nothing of a value is in what is said of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.sealing import SAVED, WOULD, SiteSecrets
from apps.gitsync.secret_places import CHANGE, READ, WHOLE, resource
from apps.gitsync.writing.secret_files import newest_secrets, served_secrets
from apps.policy.secrets import age, identities
from apps.policy.secrets.faults import LOCKED, MISSING, NAME, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import FILES
from apps.policy.secrets.secret import Secret
from apps.policy.secrets.vault import FIRST, Entry, Vault
from tests.sites import CONFIG, Site, SiteRepository

AUTHOR = Author("Ada", "ada@example.org", "1700000000 +0000")
OTHER = "secrets/other.sops.json"
EVE = age.new_identity()


class Here:
    """A node and its keys. Each use begins with the newest commit, as a command does."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.key_file = site, folder / "age-key.txt"

    @property
    def secrets(self) -> SiteSecrets:
        seen, key_file = newest_secrets(self.site.source), self.key_file
        return SiteSecrets(
            source=self.site.source,
            seen=seen,
            key_file=key_file,
            author=AUTHOR,
            now=1_700_000_000.0,
            vault=Vault(seen.files, lambda: identities.read(key_file)),
        )

    def value(self, name: str) -> str:
        return self.secrets.value(name)[1].reveal()

    def message(self, commit: str | None) -> str:
        git = Repository(self.site.source.repository)
        return git.plumb("cat-file", "commit", commit or "").decode()


@pytest.fixture
def here(site: Site, repository: SiteRepository, tmp_path: Path) -> Here:
    repository.commit({"config.toml": CONFIG, "content/a.md": "a\n"})
    site.sync()
    return Here(site, tmp_path / "keys")


def fault(act: object) -> SecretFault:
    with pytest.raises(SecretFault) as caught:
        act()  # type: ignore[operator]
    assert caught.value.place or caught.value.reason
    assert caught.value.remedy
    return caught.value


def test_a_key_and_a_first_file_are_made_and_a_secret_is_kept(here: Here) -> None:
    made = here.secrets.init(None, [EVE.recipient])
    assert (made.state, made.files) == (SAVED, (FIRST,))
    assert here.key_file.stat().st_mode & 0o777 == 0o600
    recipients = here.secrets.vault.sealed[FIRST].metadata.recipients
    assert recipients == (made.key, EVE.recipient)
    saved = here.secrets.set("mail.password", Secret("pl4in-t3xt"), None)
    assert here.value("mail.password") == "pl4in-t3xt"
    told = here.message(saved.commit)
    assert "Set the secret mail.password" in told and "Cause: secrets" in told
    assert "pl4in-t3xt" not in f"{told}{saved}{here.secrets}"
    assert b"pl4in-t3xt" not in here.secrets.seen.files[FIRST]


def test_a_key_that_is_there_is_used_and_never_replaced(here: Here) -> None:
    kept = identities.create(here.key_file, 0.0)
    assert here.secrets.init(None, []).key is None
    assert here.secrets.init(OTHER, []).files == (OTHER,)
    assert identities.read(here.key_file) == (kept,)
    assert fault(lambda: here.secrets.init(OTHER, [])).code == NAME


def test_a_dry_run_changes_nothing(here: Here) -> None:
    trying = replace(here.secrets, dry_run=True)
    assert trying.init(None, []).state == WOULD
    assert not here.key_file.exists() and not here.secrets.seen.files
    here.secrets.init(None, [])
    before = here.secrets.seen
    assert replace(here.secrets, dry_run=True).set("a", Secret("x"), None).state == WOULD
    assert replace(here.secrets, dry_run=True).rotate(None).state == WOULD
    assert here.secrets.seen == before


def test_all_files_are_rotated_in_one_commit(here: Here) -> None:
    here.secrets.init(None, [])
    here.secrets.init(OTHER, [])
    here.secrets.set("a", Secret("x"), FIRST)
    here.secrets.set("b", Secret("y"), OTHER)
    before = here.secrets.seen
    done = here.secrets.rotate(None)
    assert done.files == (OTHER, FIRST)
    after = here.secrets.seen
    assert after.commit == done.commit
    assert not set(before.files.values()) & set(after.files.values())
    assert (here.value("a"), here.value("b")) == ("x", "y")


def test_who_is_added_and_removed_is_so_in_all_files(here: Here) -> None:
    here.secrets.init(None, [])
    here.secrets.set("a", Secret("x"), None)
    here.secrets.add_recipient(EVE.recipient, None)
    theirs = Vault(here.secrets.seen.files, lambda: [EVE])
    assert theirs.value(theirs.find("a")) == Secret("x")
    here.secrets.remove_recipient(EVE.recipient, None)
    late = Vault(here.secrets.seen.files, lambda: [EVE])
    assert fault(lambda: late.value(late.find("a"))).code == LOCKED
    assert here.value("a") == "x"


def test_a_secret_is_set_where_it_is_and_never_in_two_files(here: Here) -> None:
    here.secrets.init(None, [])
    here.secrets.init(OTHER, [])
    assert fault(lambda: here.secrets.set("a", Secret("x"), None)).code == NAME
    here.secrets.set("a", Secret("x"), OTHER)
    assert here.secrets.set("a", Secret("y"), None).files == (OTHER,)
    assert fault(lambda: here.secrets.set("a", Secret("x"), FIRST)).code == NAME
    assert here.secrets.remove("a").files == (OTHER,)
    assert fault(lambda: here.value("a")).code == MISSING


def test_what_somebody_else_changed_meanwhile_is_never_lost(here: Here) -> None:
    """Two sealed files cannot be merged: the later one is told to begin again."""
    here.secrets.init(None, [])
    one, two = here.secrets, here.secrets
    one.set("a", Secret("x"), None)
    with pytest.raises(GitFault) as caught:
        two.set("b", Secret("y"), None)
    assert caught.value.code == "merge.conflict"
    here.secrets.set("b", Secret("y"), None)
    assert (here.value("a"), here.value("b")) == ("x", "y")


def test_what_is_not_there_or_cannot_be_is_told(here: Here) -> None:
    assert fault(lambda: here.secrets.set("a", Secret("x"), None)).code == MISSING
    assert fault(lambda: here.secrets.rotate(None)).code == MISSING
    assert fault(lambda: here.secrets.init("content/a.sops.yaml", [])).code == NAME
    assert fault(lambda: here.secrets.init("secrets/a.env", [])).code == UNSUPPORTED
    here.secrets.init(None, [])
    assert fault(lambda: here.secrets.rotate("secrets/none.sops.yaml")).code == MISSING
    here.key_file.chmod(0o644)
    unfit = fault(lambda: here.secrets.set("a", Secret("x"), None))
    assert "chmod 600" in unfit.remedy and "AGE-SECRET" not in str(unfit)


def test_policy_is_asked_for_each_secret_and_for_the_file(here: Here) -> None:
    here.secrets.init(None, [])
    here.secrets.set("a", Secret("x"), None)
    secret, whole = resource(Entry(FIRST, "a")), resource(Entry(FIRST, WHOLE))
    now = here.secrets
    assert now.places.asked(READ, "a") == [(READ, secret)]
    assert now.places.asked_to_set("new", None) == [(CHANGE, resource(Entry(FIRST, "new")))]
    assert now.places.asked_of_files(None, READ, CHANGE) == [
        *((READ, whole), (CHANGE, whole), (READ, secret), (CHANGE, secret))
    ]


def test_the_served_commit_is_what_a_start_up_reads(here: Here, repository: SiteRepository) -> None:
    here.secrets.init(None, [])
    assert served_secrets(here.site.source).files == {}
    here.site.sync(fetching=False)
    assert set(served_secrets(here.site.source).files) == {FIRST}


def test_only_files_of_the_format_count_and_not_too_many(
    here: Here, repository: SiteRepository
) -> None:
    repository.commit({"secrets/a.txt": "x", "secrets/b/c.sops.yaml": "x", "secrets.sops.yaml": ""})
    here.site.sync()
    assert set(here.secrets.seen.files) == {"secrets/b/c.sops.yaml"}
    repository.commit({f"secrets/{n}.sops.json": json.dumps({"n": n}) for n in range(FILES + 1)})
    here.site.sync()
    with pytest.raises(GitFault):
        here.secrets  # noqa: B018


def test_secrets_are_no_pages_of_the_site(here: Here) -> None:
    here.secrets.init(None, [])
    here.site.sync(fetching=False)
    for path in (f"/{FIRST}", f"/{FIRST}/", "/secrets/", "/site.sops.yaml"):
        assert here.site.get(path).status == 404
