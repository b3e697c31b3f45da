"""Granian in one process does what its own command line would do."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from granian import cli
from granian.server.mp import MPServer

from whispercms.alone import options
from whispercms.servers import GRANIAN, SERVERS, Listening, line

WATCHING = {"workers", "respawn_failed_workers", "workers_kill_timeout"}
"""What is left to `serve`."""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pem"
    path.write_text("")
    return path


@pytest.mark.parametrize("is_proxied", [False, True])
@pytest.mark.parametrize("secure", [False, True])
def test_it_has_the_options_of_its_command_line(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, *, secure: bool, is_proxied: bool
) -> None:
    file = certificate if secure else None
    where = Listening(
        host="127.0.0.1", port=8123, certificate=file, key=file, is_proxied=is_proxied
    )
    told: dict[str, Any] = {}
    monkeypatch.setattr(cli, "Server", lambda target, **more: told.update(target=target, **more))
    arguments = line(SERVERS[GRANIAN], where)[2:]
    with pytest.raises(AttributeError):  # What was made of them is no server.
        cli.cli.main(arguments, standalone_mode=False)
    own = options(where)
    defaults = {
        name: each.default for name, each in inspect.signature(MPServer.__init__).parameters.items()
    }
    for name in told.keys() - WATCHING:
        assert own.get(name, defaults[name]) in (told[name], *_nothing(told[name])), name
    assert own.keys() <= told.keys()


def _nothing(value: object) -> tuple[object, ...]:
    """Of a list of paths the command line has an empty one where others have None."""
    return () if value else (None,)
