"""The task of every day: the clone is looked at, then packed."""

import pytest
from django.test import override_settings

from apps.gitsync.clone import packing
from apps.gitsync.clone.packing import PACKED, UNNEEDED, read_packing
from apps.gitsync.clone.tended import MENDED, SOUND
from apps.gitsync.tasks import check
from tests.gitsync.consoles import Console
from tests.sites import SiteRepository


@pytest.mark.long
def test_a_whole_clone_is_packed_when_there_is_reason_to(
    remote: SiteRepository, ada: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = ada.save("content/two.md", "# Two\n")
    with override_settings(SITE_SOURCE=ada.source, SITE_FILES=ada.files):
        assert check() == SOUND
        done = read_packing(ada.source)
        assert done is not None and done.state == UNNEEDED
        monkeypatch.setattr(packing, "LOOSE_OBJECTS", 1)
        assert check() == SOUND
    done = read_packing(ada.source)
    assert done is not None and (done.state, done.store.loose) == (PACKED, 0)
    assert ada.at.own == mine
    assert ada.text_of("content/two.md", mine) == "# Two\n"


@pytest.mark.long
def test_a_damaged_clone_is_made_anew_first(remote: SiteRepository, ada: Console) -> None:
    blob = ada.git.plumb("rev-parse", "refs/remotes/origin/main:content/one.md").decode().strip()
    path = ada.git.path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"")
    with override_settings(SITE_SOURCE=ada.source, SITE_FILES=ada.files):
        assert check() == MENDED
    assert read_packing(ada.source) is not None
