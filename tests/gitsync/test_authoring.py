import pytest

from apps.gitsync.authoring import count_unpublished, local_author, waiting
from apps.gitsync.errors import GitFault
from tests.gitsync.consoles import Console


def test_an_author_is_who_was_named_else_the_user() -> None:
    named = local_author(" Ada Lovelace <ada@example.org> ")
    assert (named.name, named.email) == ("Ada Lovelace", "ada@example.org")
    assert named.moment.endswith(" +0000")
    assert local_author().name and "@" in local_author().email
    for text in ("", "Ada", "<ada@example.org>", "Ada <a@b\nDigest: x>"):
        with pytest.raises(GitFault) as caught:
            local_author(text)
        assert caught.value.code == "commit.author"


def test_what_is_not_published_is_counted_and_what_was_asked_is_known(ada: Console) -> None:
    assert (count_unpublished(ada.source), waiting(ada.source)) == (0, False)
    commit = ada.save("content/two.md", "# Two\n")
    ada.git.set("refs/whispercms/asked/main", commit)
    assert (count_unpublished(ada.source), waiting(ada.source)) == (1, True)
