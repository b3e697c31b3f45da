"""Proves the policies of a commit before anything of them counts: in a confined worker.

A deep policy ends the process that parses it. Here that is a worker, and a flaw with its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from apps.policy.flaws import Flaw, flaw
from apps.policy.limits import FLAW_CHARACTERS, FLAWS
from apps.policy.places import FOLDER
from apps.policy.schema import NOTHING
from apps.policy.sources import bounded, is_policy
from apps.runtime.faults import WorkerFault, WorkerTimeout, WorkerUnavailable
from apps.runtime.limits import MIB, Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

ENTRY: Final = "apps.policy.worker"
_LIMITS: Final = Limits(
    memory=512 * MIB,
    cpu_seconds=10.0,
    wall_seconds=30.0,
    start_seconds=5.0,
    calls=100,
)


@dataclass(frozen=True, slots=True)
class FailedCase:
    """A policy test that came out otherwise. `policies` are the names of those that decided."""

    path: str
    line: int
    name: str
    principal: str
    action: str
    resource: str
    expected: str
    got: str
    reason: str
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """`flaws` hold failed tests as well; `policies` and `cases` count the site's own."""

    flaws: tuple[Flaw, ...]
    failed: tuple[FailedCase, ...] = ()
    policies: int = 0
    cases: int = 0


def validate(
    files: Mapping[str, bytes], workers: Workers, more: Mapping[str, Any] = NOTHING
) -> tuple[Flaw, ...]:
    """Empty when the policies among `files` may count. Raises as `check` does."""
    return check(files, workers, more).flaws


def check(
    files: Mapping[str, bytes], workers: Workers, more: Mapping[str, Any] = NOTHING
) -> Checked:
    """Of all files of a commit, or those below `policies/`; `more`: the schema others add.

    Raises WorkerFault where nothing can be said, as no worker could be had.
    """
    texts, flaws = bounded(files)
    if flaws:
        return Checked(flaws[:FLAWS])
    spec = WorkerSpec(name="policies", entry=ENTRY, setup=dict(more), limits=_LIMITS)
    pool = workers.pool(spec)
    try:
        return _asked(pool, texts)
    finally:
        pool.close()


def _asked(pool: WorkerPool, texts: Mapping[str, str]) -> Checked:
    try:
        return _decoded(pool.call(texts))
    except WorkerFault as fault:
        if _says_nothing(fault):
            raise
        return Checked((_killer(pool, texts, fault),))
    except (KeyError, TypeError, ValueError):
        return Checked((flaw(FOLDER, "policy.unproven", "the answer of its process is none"),))


def _killer(pool: WorkerPool, texts: Mapping[str, str], fault: WorkerFault) -> Flaw:
    """The first file that ends a worker by itself; the folder, where only all together do."""
    for path in filter(is_policy, texts):
        try:
            pool.call({path: texts[path]})
        except WorkerFault as alone:
            if _says_nothing(alone):
                raise
            return _unproven(path, alone)
    return _unproven(FOLDER, fault)


def _unproven(path: str, fault: WorkerFault) -> Flaw:
    said = f"the process that read it was ended: {fault.reason}"
    return flaw(path, "policy.unproven", said[:FLAW_CHARACTERS])


def _says_nothing(fault: WorkerFault) -> bool:
    """Of the policies: it is the machine's fault."""
    starved = isinstance(fault, WorkerTimeout) and fault.starved
    return starved or isinstance(fault, WorkerUnavailable)


def _decoded(reply: Any) -> Checked:
    """Raises KeyError, TypeError or ValueError: who read such files is not to be trusted."""
    return Checked(
        flaws=tuple(Flaw(**_typed(each, Flaw)) for each in reply["flaws"][:FLAWS]),
        failed=tuple(FailedCase(**_typed(each, FailedCase)) for each in reply["failed"][:FLAWS]),
        policies=int(reply["policies"]),
        cases=int(reply["cases"]),
    )


def _typed(entry: Mapping[str, Any], kind: type[Flaw] | type[FailedCase]) -> dict[str, Any]:
    return {field.name: _cut(entry[field.name]) for field in fields(kind)}


def _cut(value: Any) -> Any:
    if type(value) is list:
        return tuple(str(name)[:FLAW_CHARACTERS] for name in value[:FLAWS])
    return value if type(value) is int else str(value)[:FLAW_CHARACTERS]
