"""What a node says of a remote that fails it."""

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.access import Access
from apps.gitsync.git.refusals import is_transient
from apps.gitsync.git.repository import Repository


def fault(clone: Repository, url: str, access: Access | None = None) -> tuple[str, bool]:
    """(code, whether it may pass) of a fetch; each comes with something to do."""
    with pytest.raises(GitFault) as caught:
        clone.fetch(url, access or Access())
    assert caught.value.remedy and caught.value.reason[0].islower()
    return caught.value.code, is_transient(caught.value)
