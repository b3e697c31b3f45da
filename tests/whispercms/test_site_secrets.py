"""What a start-up needs of the site's secrets it gets by name, or it ends with name and remedy."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.whispercms.nodes import Instance, made
from tests.whispercms.plants import run

pytestmark = pytest.mark.long

READERS = """\
@id("ada-reads-secrets")
permit (principal == Person::"ada", action == Action::"read-secret", resource is Secret);
"""
HOOK, REPORT = "a hook of twenty characters", ("bootreport", "--now", "--json")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """With a key, and the secrets `hook`, `short` and `sign`."""
    folder = tmp_path_factory.mktemp("secrets")
    repository, instance = made(folder, SANDBOX="preferred")
    repository.commit({"policies/readers.cedar": READERS})
    run(instance, "syncrepo")
    run(instance, "secrets", "init")
    command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "sign"))
    subprocess.run(command, check=True)
    for name, value in (("hook", HOOK), ("short", "x"), ("sign", (folder / "sign").read_text())):
        run(instance, "secrets", "set", name, value=value)
    return instance


def using(node: Instance, **settings: str) -> Instance:
    return Instance(node.state, node.remote, node.port, {**node.settings, **settings})


def test_a_start_up_takes_what_the_settings_name(node: Instance) -> None:
    told = run(using(node, WEBHOOK_SECRET="secret:hook", SIGNING_KEY="secret:sign"), *REPORT)
    assert '"webhook", "phase": "load"' in told and '"detail": "on"' in told
    assert HOOK not in told


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"WEBHOOK_SECRET": "secret:none"}, "secrets set none"),
        ({"WEBHOOK_SECRET": "secret:short"}, "less than 20 characters"),
        ({"SIGNING_KEY": "secret:none"}, "secrets set none"),
        ({"SIGNING_KEY": "secret:hook"}, "no Ed25519 key"),
        ({"WEBHOOK_SECRET": "secret:hook", "AGE_KEY": "/nowhere"}, "/nowhere"),
    ],
)
def test_what_cannot_be_had_ends_it(node: Instance, settings: dict[str, str], reason: str) -> None:
    done = using(node, **settings).run(*REPORT)
    assert done.returncode and reason in done.stdout + done.stderr
    assert HOOK not in done.stdout + done.stderr


def test_the_command_tells_only_where_it_is_asked_to(node: Instance, tmp_path: Path) -> None:
    assert HOOK not in run(node, "secrets", "list", "--json")
    assert run(node, "secrets", "get", "hook", "--stdout") == f"{HOOK}\n"
    run(node, "secrets", "get", "hook", "--output", str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == HOOK
    for command in (("get", "hook"), ("set",), ("get", "none", "--stdout"), ("set", "a b")):
        done = node.run("secrets", *command)
        assert done.returncode in (1, 2) and HOOK not in done.stdout + done.stderr


def test_policy_decides_who_reads_and_the_audit_has_both_answers(node: Instance) -> None:
    for person, code in (("ada", 0), ("bob", 5)):
        done = node.run("secrets", "--as", person, "get", "hook", "--stdout")
        assert done.returncode == code, done.stderr
        assert (HOOK in done.stdout) is (code == 0)
    with closing(sqlite3.connect(node.state / "default.sqlite3")) as database:
        query = (
            "select principal, resource, decision, reason from policy_auditevent where action = ?"
        )
        rows = [row for row in database.execute(query, ("read-secret",)) if "Person" in row[0]]
    asked = 'Secret::"secrets/site.sops.yaml hook"'
    assert {row[:3] for row in rows} == {
        ('Person::"ada"', asked, "allow"),
        ('Person::"bob"', asked, "deny"),
    }
    assert HOOK not in repr(rows)
