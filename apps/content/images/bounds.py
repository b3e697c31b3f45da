"""Every bound on pictures and their renditions."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

PIXELS: Final = 24_000_000
"""Of a picture that renditions are made of. Others are served as they are."""
JPEG_PIXELS: Final = 100_000_000
"""Of a JPEG, which is decoded no larger than it is needed. Telephones take 50 million."""
SIDE: Final = 30_000
"""Pixels."""
HEADER_BYTES: Final = 64 * KIB
"""Of a file, for a first look; most say their size by then."""
FILE_BYTES: Final = 32 * MIB
"""Of a picture that is read as a whole, and that renditions are made of."""
RENDITION_BYTES: Final = 16 * MIB
PROFILE_BYTES: Final = 4 * MIB
"""Of a colour profile; larger ones are not used."""
BATCH: Final = 16
"""Headers in one question."""
MEMORY: Final = 768 * MIB
"""Of a worker: the pixels three times, with an alpha channel, and the interpreter."""
CPU_SECONDS: Final = 15.0
WALL_SECONDS: Final = 30.0
CALLS: Final = 200
"""What a decoder leaves behind in its worker does not stay for long."""
WORKERS: Final = 2
WAITING: Final = 4
"""Threads of a process that may wait for a rendition at a time: the others go on with pages."""
REFUSED: Final = 4096
"""So many renditions that could not be made are remembered, and not tried again and again."""
SHELF_BYTES: Final = 1024 * MIB
"""Of all renditions on a disk, where no setting says otherwise."""
SHELF_PART: Final = 16
"""So great a part of its room may be written before the shelf is looked through again."""
USED_SECONDS: Final = 3600.0
"""How exactly it is known when a rendition was last used."""
