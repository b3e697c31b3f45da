"""Other implementations read what is written here, and what they write is read here.

`.ci/run` installs them; where one is missing its tests are skipped, and say so.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from apps.policy.secrets import age
from apps.policy.secrets.sealing import rotated, with_recipient
from tests.policy.secrets.samples import ADA, EVE, JSON, PUBLISHED, SOPS_AGE, YAML, change, made

pytestmark = pytest.mark.long

FOLDER = Path(os.environ.get("SOPS_AGE_FOLDER", "/nowhere")) / "node_modules"
SOPS_AGE_MODULE = FOLDER / "sops-age" / "dist" / "index.js"
AGE_MODULE = FOLDER / "age-encryption" / "dist" / "index.js"
VALUES = {"webhook_key": "wéb \n: # 'x' \"y\" 🙂", "mail__password": "p" * 40, "n": "no"}
needs_sops_age = pytest.mark.skipif(
    not (SOPS_AGE_MODULE.exists() and shutil.which("node")),
    reason="npm's sops-age is not here: npm install sops-age, and name the folder SOPS_AGE_FOLDER",
)
needs_age = pytest.mark.skipif(not shutil.which("age"), reason="the tool age is not installed")


def said(*command: str, stdin: bytes = b"", **more: str) -> bytes:
    done = subprocess.run(
        command, input=stdin, capture_output=True, env={**os.environ, **more}, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def by_sops_age(path: Path, key: age.Identity) -> object:
    script = (
        f'import {{decryptSops}} from "{SOPS_AGE_MODULE}";'
        f'console.log(JSON.stringify(await decryptSops({{path: "{path}"}})))'
    )
    command = ("node", "--input-type=module", "-e", script)
    return json.loads(said(*command, SOPS_AGE_KEY=key.secret.reveal()))


@needs_sops_age
@pytest.mark.parametrize("path", [YAML, JSON])
def test_sops_age_opens_what_is_written_here(path: str, tmp_path: Path) -> None:
    file = tmp_path / Path(path).name
    content = made(path, **VALUES)
    for each in (content, with_recipient(change(content, path), EVE.recipient)):
        file.write_bytes(rotated(change(each, path)))
        expected = {"webhook_key": VALUES["webhook_key"], "mail": {"password": "p" * 40}, "n": "no"}
        assert by_sops_age(file, ADA) == expected
    assert by_sops_age(file, EVE) == expected


@needs_sops_age
@pytest.mark.parametrize("name", ["sops-age.sops.yaml", "sops-age.sops.json"])
def test_sops_age_opens_what_was_rotated_here(name: str, tmp_path: Path) -> None:
    first = PUBLISHED / name
    second = tmp_path / name
    second.write_bytes(rotated(change(first.read_bytes(), name, by=SOPS_AGE)))
    assert by_sops_age(second, SOPS_AGE) == by_sops_age(first, SOPS_AGE)


@needs_sops_age
def test_a_key_that_was_wrapped_by_typage_opens_here() -> None:
    script = (
        f'import {{Encrypter, armor}} from "{AGE_MODULE}"; const e = new Encrypter();'
        f'e.addRecipient("{ADA.recipient}");'
        'console.log(armor.encode(await e.encrypt("0123456789abcdef0123456789abcdef")))'
    )
    wrapped = said("node", "--input-type=module", "-e", script).decode()
    assert age.unwrapped(wrapped, [ADA]) == b"0123456789abcdef0123456789abcdef"


@needs_age
def test_age_opens_what_is_wrapped_here_and_the_other_way_round(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(ADA.secret.reveal())
    wrapped = age.wrapped(b"data key", ADA.recipient)
    assert said("age", "-d", "-i", str(key), stdin=wrapped.encode()) == b"data key"
    theirs = said("age", "-a", "-r", ADA.recipient, stdin=b"other key").decode()
    assert age.unwrapped(theirs, [ADA]) == b"other key"


@needs_age
def test_keys_of_age_keygen_are_read_here_and_ours_by_it(tmp_path: Path) -> None:
    theirs = next(
        line for line in said("age-keygen").decode().splitlines() if line.startswith("AGE-")
    )
    key = tmp_path / "key"
    for identity in (age.identity(theirs), age.new_identity()):
        key.write_text(f"# ours\n{identity.secret.reveal()}\n")
        assert said("age-keygen", "-y", str(key)).decode().strip() == identity.recipient
