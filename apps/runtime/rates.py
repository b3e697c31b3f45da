"""What is used of the library that says how often something may be done, and the one module that
knows it. Where the counts are kept is its callers' business.
"""

from limits import RateLimitItemPerSecond
from limits.storage import (
    MovingWindowSupport,
    SlidingWindowCounterSupport,
    Storage,
    storage_from_string,
)
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

__all__ = [
    "MovingWindowRateLimiter",
    "MovingWindowSupport",
    "RateLimitItemPerSecond",
    "SlidingWindowCounterRateLimiter",
    "SlidingWindowCounterSupport",
    "Storage",
    "storage_from_string",
]
