"""What a request may be at most, whichever server received it."""

from typing import Final

HEADER_LINES: Final = 100
HEADER_BYTES: Final = 32 * 1024
"""Of all lines together."""
PATH_LENGTH: Final = 8 * 1024
"""As it was sent: percent-encoded where the server keeps it."""
QUERY_LENGTH: Final = 8 * 1024
HOST_LENGTH: Final = 261
"""The longest name, and a port."""
HOSTS_REMEMBERED: Final = 256
"""Ways to write a host that need no second look."""
HOPS: Final = 16
"""Proxies in front of each other."""
ADDRESS_LENGTH: Final = 100
ADDRESSES: Final = 4096
"""That were read already, for the next time."""
CLIENTS: Final = 20_000
"""Whose requests are counted; who was not seen for longest is forgotten first."""
SHARED_AT_ONCE: Final = 500
SHARE_SECONDS: Final = 0.25
"""Between two exchanges with Redis: so late a node learns what the others have let in."""
REDIS_SECONDS: Final = 0.5
"""For each answer of Redis, which nobody but the exchange waits for."""
RETRY_SECONDS: Final = (1.0, 30.0)
"""After which Redis is asked again, doubling from the first to the last."""
PREFLIGHT_SECONDS: Final = 600
TELL_SECONDS: Final = 10.0
"""How often refusals are told of in the log, all in one line."""
