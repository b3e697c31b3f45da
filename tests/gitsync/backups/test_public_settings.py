import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.backups.public_settings import PUBLIC, added, public_remote, public_settings

SECRETS = ("secret_key", "webhook_secret", "signing_key", "ssh_key", "https_credentials", "x")
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = (
    texts | st.booleans() | st.integers(0, 99) | st.lists(texts) | st.dictionaries(texts, texts)
)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from([*PUBLIC, *SECRETS]), values))
def test_what_is_public_comes_through_and_nothing_else(given_: dict[str, object]) -> None:
    public = {k: v for k, v in given_.items() if k in PUBLIC}
    if isinstance(public.get("remote"), str):
        public["remote"] = public_remote(str(public["remote"]))
    assert tomllib.loads(public_settings(given_)) == public


def test_a_node_keeps_what_it_says_itself() -> None:
    own = 'port = 1 # ours\nsecret_key = "s"'
    merged = added(own + "\n", 'port = 2\nhosts = ["a"]\nsecret_key = "theirs"\n')
    assert merged.startswith(own)
    assert tomllib.loads(merged) == {"port": 1, "secret_key": "s", "hosts": ["a"]}


def test_nothing_new_changes_nothing() -> None:
    assert added("port = 1", "port = 2\nunknown = 3\n") == "port = 1"


@pytest.mark.parametrize(
    ("remote", "public"),
    [
        ("https://ada:secret@example.org/a.git", "https://example.org/a.git"),
        ("https://token@example.org/a.git", "https://example.org/a.git"),
        ("ssh://git@example.org/a.git", "ssh://git@example.org/a.git"),
        ("git@example.org:a.git", "git@example.org:a.git"),
        ("/srv/a@b/c.git", "/srv/a@b/c.git"),
        ("https://example.org/a@b.git", "https://example.org/a@b.git"),
    ],
)
def test_a_remote_loses_its_password(remote: str, public: str) -> None:
    assert public_remote(remote) == public
