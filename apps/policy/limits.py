"""Every bound on what a site may write about policy, and on what may be asked."""

from typing import Final

KIB: Final = 1024

POLICY_FILES: Final = 64
"""Of `policies/`, tests included."""
POLICY_FILE_BYTES: Final = 64 * KIB
POLICY_BYTES: Final = 512 * KIB
"""Of all files together."""
POLICIES: Final = 1000
"""Of a site, in all its files."""
NESTING: Final = 32
"""Brackets within brackets in one policy. Cedar's parser, which has no bound of its own, ends its
process from about 650 on a stack of 8 MiB, and from about 160 on one of 2 MiB."""
CHAIN: Final = 200
"""Of one operator, of `.` and of `if` in one policy: a chain nests as well, and one of 2500 `if`
ends the process."""
TOKENS: Final = 2000
"""Of one policy."""
LITERAL: Final = 1000
"""Characters of one text in a policy. A pattern of many `*` takes time by its length times that of
what it is held against."""
ID_CHARACTERS: Final = 100
"""Of a policy's @id, of a role's name, of a test's name."""
FLAWS: Final = 100
"""So many are told at a time."""
FLAW_CHARACTERS: Final = 500
"""Of what the engine says of a policy, which quotes it."""

KEY_PARTS: Final = 8
"""Of one dotted key in a TOML file."""
ROLES: Final = 100
ROLE_MEMBERS: Final = 1000
"""Of one role."""
CASES: Final = 2000
"""Of all policy tests: each is one decision."""

TEXT_CHARACTERS: Final = 4096
"""Of an entity's id, or of an attribute. Beyond that a request is denied unread."""
PROBES: Final = 500
"""So many single changes are tried to explain one decision."""
