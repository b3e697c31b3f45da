"""Bounds on files of secrets. A file comes from a repository, so it is hostile until it is read."""

from typing import Final

FILE_BYTES: Final = 256 * 1024
FILES: Final = 20
"""Files of secrets that one site may have."""
DEPTH: Final = 16
VALUES: Final = 1_000
RECIPIENTS: Final = 50
VALUE_BYTES: Final = 64 * 1024
"""Of one secret in plain form."""
NAME_CHARACTERS: Final = 200
WRAPPED_BYTES: Final = 16 * 1024
"""Of the data key as it is wrapped for one recipient."""
PATTERN_CHARACTERS: Final = 1_000
IDENTITY_BYTES: Final = 16 * 1024
IDENTITIES: Final = 20
