"""Somebody at the pages about extensions, over a real site."""

import re
from html import unescape
from typing import Any

from apps.console.bases import sealed
from apps.gitsync.owning import extension_of
from tests.console.stage import led_to
from tests.console.writing.desk import Desk

ROOM = "/admin/extensions/"


class Room:
    def __init__(self, desk: Desk, name: str = "ada") -> None:
        self.desk, self.client = desk, desk.enter(name)

    def get(self, path: str = "", status: int = 200) -> str:
        said = self.client.get(self._at(path))
        assert said.status_code == status, (said.status_code, said.content.decode())
        return shown(said)

    def post(self, path: str, **sent: Any) -> Any:
        """With the base that the page would carry, unless another is given."""
        key = ":".join(path.split("/")[:2])
        base = sealed(self.desk.commit, str(extension_of(key)))
        return self.client.post(self._at(path), {"base": base, **sent})

    def done(self, path: str, **sent: Any) -> str:
        """The page that one is led to."""
        said = self.post(path, **sent)
        assert said.status_code == 302, shown(said)
        return self.get(said["Location"])

    def tried(self, path: str, **sent: Any) -> str:
        """The page of what trying came to."""
        said = self.post(path, **{"try": "1", **sent})
        assert said.status_code == 302, shown(said)
        return led_to(self.client, said["Location"])

    def file(self, path: str) -> str:
        """Of the newest commit of this node."""
        return bytes(self.desk.git.plumb("show", f"{self.tip}:{path}")).decode()

    @property
    def tip(self) -> str | None:
        found: str | None = self.desk.git.resolve("refs/heads/main")
        return found

    @staticmethod
    def _at(path: str) -> str:
        return path if path.startswith("/") else ROOM + path


def shown(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))
