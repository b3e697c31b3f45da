"""Changes JSON without breaking it, so that a fuzzer gets past the parser."""

import random
from collections.abc import Callable
from typing import Any

import orjson

from apps.extensions import limits

WORDS = ["kind", "op", "key", "value", "name", "selector", "html", "status", "operations", "path"]
WORDS += ["from", "metadata", "header", "transform", "patch", "set", "remove", "add", "move", "/a"]
SCALARS: list[Any] = [None, True, 0, -1, 199, 600, 2**63 - 1, 1.5, 1e300, "", "\n", "é", "a b"]
EDGES = [limits.METADATA_KEY, limits.SELECTOR, limits.POINTER]
PLAIN_SHARE = 0.5
LARGE_SHARE = 0.02


def mutate(data: bytes, rng: random.Random, plain: Callable[[bytes], bytes]) -> bytes:
    """One change of the value, or of the bytes by `plain` where there is none, and now and then."""
    if rng.random() < PLAIN_SHARE:
        return plain(data)
    try:
        holder = [orjson.loads(data)]
    except orjson.JSONDecodeError:
        return plain(data)
    _change(holder, rng)
    try:
        return orjson.dumps(holder[0])
    except TypeError:  # Nested too deeply to be written.
        return plain(data)


def _change(holder: Any, rng: random.Random) -> None:
    """Goes down a random way and changes what it stops at."""
    while True:
        keys = list(holder) if type(holder) is dict else list(range(len(holder)))
        if not keys:
            return
        key = rng.choice(keys)
        inside = holder[key]
        if not isinstance(inside, (list, dict)) or not inside or rng.random() < 0.3:
            rng.choice(CHANGES)(holder, key, rng)
            return
        holder = inside


def _replace(holder: Any, key: Any, rng: random.Random) -> None:
    holder[key] = _some(rng)


def _remove(holder: Any, key: Any, rng: random.Random) -> None:
    if type(holder) is dict or len(holder) > 1:
        del holder[key]


def _put_in(holder: Any, key: Any, rng: random.Random) -> None:
    if type(holder) is dict:
        holder[rng.choice(WORDS)] = _some(rng)
    else:
        holder.insert(key, _some(rng))


def _wrap(holder: Any, key: Any, rng: random.Random) -> None:
    holder[key] = [holder[key]] if rng.random() < 0.5 else {rng.choice(WORDS): holder[key]}


def _repeat(holder: Any, key: Any, rng: random.Random) -> None:
    if type(holder[key]) is list:
        large = rng.random() < LARGE_SHARE
        holder[key] = holder[key] * (limits.PROPOSALS + 1 if large else 2)


def _rename(holder: Any, key: Any, rng: random.Random) -> None:
    if type(holder) is dict:
        holder[rng.choice(WORDS)] = holder.pop(key)


def _some(rng: random.Random) -> Any:
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(WORDS)
    if kind < 0.8:
        return rng.choice(SCALARS)
    return rng.choice(("a", "/", "é")) * (rng.choice(EDGES) + rng.choice((-1, 0, 1)))


CHANGES = (_replace, _replace, _remove, _put_in, _wrap, _repeat, _rename)
