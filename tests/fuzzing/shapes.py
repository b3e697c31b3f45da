"""Proposals as a plugin makes them, and what is nearly one."""

from typing import Any

from hypothesis import strategies as st

from apps.extensions import limits
from apps.extensions.proposals import OPERATIONS, PATCH_OPERATIONS

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
TEXT = st.text(max_size=20)
POINTER = st.lists(st.sampled_from(["", "a", "0", "-", "~0", "~1", "é"]), max_size=4).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "key": st.sampled_from(["a", "_b1"]),
    "value": TEXT | JSON,
    "status": st.integers(190, 610),
    "name": st.sampled_from(["x-a", "X-Robots-Tag", "Set-Cookie", "lang", "note"]),
    "selector": st.sampled_from(["p", "main > h1"]),
    "html": TEXT,
    "text": TEXT,
    "path": POINTER,
    "from": POINTER,
}


def _nested(depth: int) -> Any:
    return [_nested(depth - 1)] if depth else 0


def _entry(fixed: dict[str, str], *names: str) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: FIELDS[name] for name in names}
    return st.fixed_dictionaries({key: st.just(word) for key, word in fixed.items()} | fields)


PATCH_ENTRIES = [_entry({"op": op}, *names) for op, names in PATCH_OPERATIONS.items()]
PROPOSALS = st.one_of(
    _entry({"kind": "metadata"}, "key", "value"),
    _entry({"kind": "status"}, "status"),
    *(_entry({"kind": "header", "op": op}, "name", "value") for op in ("set", "append", "remove")),
    *(
        _entry({"kind": "transform", "op": op}, "selector", *names)
        for op, names in OPERATIONS.items()
    ),
    st.fixed_dictionaries(
        {"kind": st.just("patch"), "operations": st.lists(st.one_of(PATCH_ENTRIES), max_size=4)}
    ),
)

LENGTHS = [limits.METADATA_KEY, limits.HEADER_VALUE, limits.SELECTOR, limits.POINTER]
LENGTHS += [limits.HTML_BYTES, limits.RESULT_BYTES]
AT_A_LIMIT = st.one_of(
    st.builds(
        lambda letter, length, more: letter * (length + more),
        st.sampled_from(["a", "/", "é", "\t"]),
        st.sampled_from(LENGTHS),
        st.integers(-1, 1),
    ),
    st.integers(limits.RESULT_DEPTH - 2, limits.RESULT_DEPTH + 2).map(_nested),
    st.integers(limits.RESULT_NODES - 2, limits.RESULT_NODES + 2).map(lambda length: [0] * length),
)


@st.composite
def near_misses(draw: st.DrawFn) -> Any:
    """A proposal in which up to two fields are taken out, put in or replaced."""
    entry = dict(draw(PROPOSALS))
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(["kind", "op", "operations", *FIELDS, *entry]))
        if draw(st.booleans()):
            entry.pop(name, None)
        else:
            entry[name] = draw(AT_A_LIMIT | JSON | FIELDS.get(name, JSON))
    return entry
