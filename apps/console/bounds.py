"""Every bound of the console's accounts, sessions and log-ins. Pure, as the settings read it."""

from typing import Final

NAME_CHARACTERS: Final = 150
PASSWORD_LEAST: Final = 12
PASSWORD_MOST: Final = 1024
"""Characters. Argon2 reads all of a password, so it is bounded before."""

IDLE_SECONDS: Final = 30 * 60
"""A session that asks for nothing for so long is over."""
SESSION_SECONDS: Final = 8 * 60 * 60
"""A session is over then, whatever it asks for."""
SEEN_SECONDS: Final = 60
"""A session's last use is written down once in so long, and not at every request."""

ACCOUNT_ATTEMPTS: Final = 5
ADDRESS_ATTEMPTS: Final = 20
ATTEMPT_SECONDS: Final = 15 * 60
"""So many attempts to log in to one account, and from one address, within so long."""
ADDRESS_PREFIX: Final = 64
"""Bits of an IPv6 address that one subscriber has."""

CODE_BYTES: Final = 10
CODE_SECONDS: Final = 60 * 60
"""The code for the first account, and how long it is good."""

REFUSALS_TOLD: Final = 60
REFUSALS_TOLD_SECONDS: Final = 60
"""So many requests of strangers that were turned away go into the audit within so long; all of them
are in the log."""

JOBS: Final = 32
JOB_STEPS: Final = 200
JOB_SECONDS: Final = 60 * 60
"""So much long work is remembered at once, with so many steps of each, and so long after."""

READING: Final = frozenset({"GET", "HEAD"})
"""Methods that look; every other one does something."""
