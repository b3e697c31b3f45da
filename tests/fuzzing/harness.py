"""Fuzzes one decoder with atheris: `python -m tests.fuzzing.harness TARGET CORPUS [-option ...]`.

A process of its own: libFuzzer takes it over, and ends it with an exit code. With a target that is
broken on purpose it must end badly, which shows that a real defect would be found.
"""

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["apps.runtime.frames", "apps.extensions"]):
    import apps.extensions.proposals
    import apps.runtime.frames  # noqa: F401

from apps.extensions.limits import KIB
from apps.runtime.frames import HEADER, UNASKED, encode
from tests.fuzzing.judging import check_payload, check_proposals, check_reads
from tests.fuzzing.mutating import mutate

FRAME_LIMIT = 64
LEAK = 2 * KIB
CHANCE = random.Random(1)

PROPOSALS: list[Any] = [
    {"kind": "metadata", "key": "minutes", "value": [1, -2.5, True, None, {"a": "b"}]},
    {"kind": "status", "status": 404},
    {"kind": "header", "op": "append", "name": "X-A", "value": "b"},
    {"kind": "header", "op": "remove", "name": "X-A"},
    {"kind": "transform", "selector": "a", "op": "set_attribute", "name": "rel", "value": "x"},
    {"kind": "transform", "selector": "p > b", "op": "add_class", "name": "c"},
    {"kind": "transform", "selector": "p", "op": "append_html", "html": "<i>"},
    {
        "kind": "patch",
        "operations": [
            {"op": "add", "path": "/a/-", "value": [1]},
            {"op": "move", "from": "/a", "path": "/b~1c"},
            {"op": "remove", "path": "/0"},
            {"op": "test", "path": "", "value": {}},
        ],
    },
]
FRAMES: list[Any] = [None, [], {"value": 1}, {"fault": {"kind": "a", "message": "b"}}, "x" * 62]

kept: list[bytes] = []


def fuzz_frames(data: bytes) -> None:
    """The first byte says how the rest is cut into reads."""
    size = data[0] + 1 if data else 1
    check_reads(_reads(data[1:], size), FRAME_LIMIT)


def _reads(data: bytes, size: int) -> Iterator[bytes]:
    for place in range(0, len(data), size):
        yield data[place : place + size]


def fuzz_proposals(data: bytes) -> None:
    check_proposals(check_payload(data))


def mutate_proposals(data: bytes, most: int, _: int) -> bytes:
    """One source of chance for all, since making one for each input costs more than the input."""
    return mutate(data, CHANCE, lambda given: bytes(atheris.Mutate(given, most)))[:most]


def fail_untyped(data: bytes) -> None:
    """For one length alone, which no seed has: it is found by trying."""
    fuzz_frames(data)
    if data[1:5] == b"\0\0\0\1":
        raise IndexError("planted")


def leak(data: bytes) -> None:
    fuzz_frames(data)
    kept.append(bytes(LEAK))


TARGETS: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
    "frames": (fuzz_frames, [b"\x0b" + encode(value, FRAME_LIMIT) for value in FRAMES]),
    "proposals": (
        fuzz_proposals,
        [encode([each], 4 * KIB)[HEADER:] for each in PROPOSALS]
        + [encode(PROPOSALS, 4 * KIB)[HEADER:]],
    ),
    "fails untyped": (fail_untyped, [b"\0" * (1 + HEADER)]),
    "leaks": (leak, [UNASKED]),
}


def main(name: str, corpus: str, *options: str) -> None:
    target, seeds = TARGETS[name]
    for number, seed in enumerate(seeds):
        (Path(corpus) / f"seed-{number}").write_bytes(seed)
    mutator = {"custom_mutator": mutate_proposals} if name == "proposals" else {}
    atheris.Setup([sys.argv[0], corpus, *options], target, **mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
