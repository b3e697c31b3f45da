"""Which releases of other nodes count."""

from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.promoting.releasing import RELEASED
from apps.gitsync.releases.refs import known
from apps.gitsync.report import APPLIED
from apps.gitsync.trust.signers import parse
from apps.runtime.workers import Workers
from tests.gitsync.releasing import Node, pages
from tests.gitsync.repositories import At
from tests.gitsync.signed import Signed, make_key
from tests.sites import CONFIG, SiteRepository


@pytest.mark.long
def test_where_signatures_are_required_only_a_signed_rollback_is_followed(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    ada, eve = make_key(tmp_path, "ada"), make_key(tmp_path, "eve")
    remote = Signed(tmp_path / "remote.git")
    remote.key = ada
    files: dict[bytes, bytes | At] = {b"config.toml": CONFIG.encode(), b"content/one.md": b"# One"}
    first = remote.commit({**files, b"allowed_signers": ada.line.encode()})
    two = {b"content/two.md": b"# Two", b"allowed_signers": ada.line.encode()}
    remote.commit({**files, **two}, branch="preview", parents=[first])
    repository = SiteRepository(remote.path)
    writer = Node(repository, tmp_path / "writer", workers, renderer)
    server = Node(repository, tmp_path / "server", workers, renderer)
    signers = parse(ada.line.encode())
    for site in (server.main, server.preview):
        site.source = replace(site.source, require_signatures=True, first_signers=signers)
    writer.main.source = replace(writer.main.source, signing=SigningKey(ada.path))
    writer.sync()
    server.sync()
    old = pages(server.main)
    writer.promote()
    assert server.main.sync().state == APPLIED
    new = pages(server.main)
    assert new != old
    for signing in (None, SigningKey(eve.path)):
        writer.main.source = replace(writer.main.source, signing=signing)
        assert writer.rollback(known_first(writer)).state == RELEASED
        server.main.sync()
        assert pages(server.main) == new
        writer.promote(origin=writer.main)
    writer.main.source = replace(writer.main.source, signing=SigningKey(ada.path))
    writer.rollback(known_first(writer))
    assert server.main.sync().pinned
    assert pages(server.main) == old
    for each in (writer, server):
        each.stop()


def known_first(node: Node) -> str:
    return next(iter(known(node.git)))
