"""The files of one export as they are made: each is staged where the folder has another."""

import hashlib
import threading
from dataclasses import replace
from itertools import count

from apps.content.problems import Problem
from apps.delivery.exporting.assembling import Known, place_of
from apps.delivery.exporting.folder import Folder
from apps.delivery.exporting.making import Made, parts
from apps.delivery.exporting.manifest import Exported
from apps.delivery.exporting.places import Unplaceable, clash
from apps.delivery.replies import FilePart


class Collected:
    """Thread-safe. Without a folder everything differs, and nothing is staged."""

    def __init__(self, folder: Folder | None, *, stages: bool) -> None:
        self._folder, self._stages = folder, stages
        self._lock = threading.Lock()
        self._numbers = count()
        self.addresses: dict[str, str] = {}
        """By place."""
        self.staged: dict[str, str] = {}
        """Names of what differs, by place."""
        self.files: dict[str, Exported] = {}
        self.clashes: list[Problem] = []

    def take(self, made: Made) -> Made:
        """Gives back what is not large. Raises FolderFault and OSError."""
        body = made.body
        if body is None:
            return made
        try:
            place = place_of(Known(address=made.address))
        except Unplaceable:  # It is told with all others.
            return replace(made, body=None)
        with self._lock:
            other = self.addresses.setdefault(place, made.address)
            if other != made.address:
                self.clashes.append(clash(made.address, other))
                return replace(made, body=None)
        self.put(place, body, made.type)
        return replace(made, body=None)

    def put(self, place: str, body: bytes | FilePart, kind: str) -> None:
        found, size = hashlib.sha256(), 0
        for part in parts(body):
            found.update(part)
            size += len(part)
        digest = found.hexdigest()
        self.files[place] = Exported(path=place, sha256=digest, bytes=size, type=kind)
        if self._folder is not None and self._folder.digest(place) == (digest, size):
            return
        name = str(next(self._numbers))
        if self._folder is not None and self._stages:
            self._folder.stage(name, parts(body))
        self.staged[place] = name
