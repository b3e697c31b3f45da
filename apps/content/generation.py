"""A number in a small mapped file that tells every process of a node that the index moved on."""

import mmap
import struct
from pathlib import Path

LAYOUT = struct.Struct("<Q")


class Generation:
    """Reading costs a memory access. Only the holder of the sync lock may call `bump`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.seek(0, 2) < LAYOUT.size:
                file.truncate(LAYOUT.size)
            self._map = mmap.mmap(file.fileno(), LAYOUT.size)

    def read(self) -> int:
        return int(LAYOUT.unpack_from(self._map)[0])

    def bump(self) -> int:
        following = self.read() + 1
        LAYOUT.pack_into(self._map, 0, following)
        self._map.flush()
        return following

    def close(self) -> None:
        self._map.close()
