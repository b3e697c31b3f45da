"""A number in a small mapped file that tells every process of a node that the index moved on."""

import mmap
from pathlib import Path

BYTES = 8


class Generation:
    """Reading costs a memory access. Only the holder of the sync lock may call `bump`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.seek(0, 2) < BYTES:
                file.truncate(BYTES)
            self._map = mmap.mmap(file.fileno(), BYTES)
        self.numbers = memoryview(self._map).cast("Q")
        """The one number, for whoever looks at each request."""

    def read(self) -> int:
        return self.numbers[0]

    def bump(self) -> int:
        following = self.read() + 1
        self.numbers[0] = following
        self._map.flush()
        return following

    def close(self) -> None:
        self.numbers.release()
        self._map.close()
