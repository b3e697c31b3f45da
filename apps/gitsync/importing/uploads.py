"""Files of `wp-content/uploads`, taken from a folder that somebody copied. No network is asked.

Nothing outside of the folder is opened, whatever an export says and whatever links are in it.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit

from apps.gitsync.git.blobs import chunks_of, name_of

MEDIA: Final = "media"
ENDINGS: Final = (
    ".png .jpg .jpeg .gif .webp .avif .ico .mp3 .m4a .ogg .oga .wav .flac .mp4 .m4v .webm .ogv"
    " .mov .pdf .txt .csv .rtf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .epub .zip .gz"
)
KINDS: Final = frozenset(ENDINGS.split())
"""What browsers show or save, and never run."""
_PARTS: Final = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")
_SIZED: Final = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|rotated)(?=\.[A-Za-z0-9]{1,5}$)")
PART: Final = 12
"""Folders within each other."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is there: where it goes, Git's name for it, its length."""

    relative: str
    path: str
    blob: str
    size: int


class Uploads:
    """`folder` None stands for nobody having the files."""

    def __init__(self, folder: Path | None, most: int) -> None:
        self._folder, self._most = folder, most

    def found(self, url: str, attached: str) -> Upload | str:
        """By what WordPress says of it, else by its address; or why there is none."""
        relative = relative_of(url, attached)
        if self._folder is None or not relative:
            return "its file is to be fetched"
        suffix = PurePosixPath(relative).suffix.lower()
        if suffix not in KINDS:
            return f"files of the kind {suffix or 'without ending'} are not taken over"
        try:
            with self.opened(relative) as file:
                size = os.fstat(file.fileno()).st_size
                if size > self._most:
                    return f"its file has over {self._most} bytes (setting asset_megabytes)"
                blob = name_of(size, chunks_of(file))
        except OSError as error:
            return f"its file is not in the folder of uploads ({error.strerror})"
        return Upload(relative, f"{MEDIA}/{relative}", blob, size)

    @contextmanager
    def opened(self, relative: str) -> Iterator[BinaryIO]:
        """Raises OSError, also for what is no regular file and for links on the way."""
        *folders, name = relative.split("/")
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        with ExitStack() as stack:
            at = os.open(self._folder or "", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, at)
            for each in folders:
                at = os.open(each, flags | os.O_DIRECTORY, dir_fd=at)
                stack.callback(os.close, at)
            opened = os.open(name, flags | os.O_NONBLOCK, dir_fd=at)
            file = stack.enter_context(os.fdopen(opened, "rb"))
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(0, "it is no regular file")
            yield file


def relative_of(url: str, attached: str) -> str:
    """Below the folder of uploads; empty for what no file of it can be called."""
    try:
        found = urlsplit(url)
    except ValueError:
        return ""
    path = unquote(found.path)
    marked = path.rpartition("/uploads/")[2] if "/uploads/" in path else ""
    hosted = path.lstrip("/") if (found.hostname or "").endswith(".files.wordpress.com") else ""
    for each in (attached, marked, hosted):
        parts = each.split("/")
        usable = all(_PARTS.fullmatch(p) and not p.startswith(".") for p in parts)
        if each and usable and len(parts) <= PART and each.isprintable():
            return each
    return ""


def without_size(relative: str) -> str:
    """The picture that a smaller one was made from."""
    return _SIZED.sub("", relative)
