"""One decision of policy: the first of a commit, the next ones, and what is ours of the cost."""

import json
import time
from collections.abc import Callable
from statistics import median

import cedarpy

from apps.policy.actions import ACTIONS
from apps.policy.entities import Document, Person
from apps.policy.rules import Rules, rules_of
from bench.report import BenchError, Figure
from bench.run import Run

FIGURES = ("policy_decide_cold", "policy_decide_warm", "policy_decide_300", "policy_cedar_slice")
POLICIES = 300
ROUNDS, CALLS = 40, 100
COLD_ROUNDS = 5
ACTION = "edit"
DOCUMENT = Document(
    path="content/section7/a.md", type="page", draft=False, visibility="public", branch="main"
)
ADA = Person("ada", ("role7",))


def measure(run: Run) -> list[Figure]:
    """Ours and the engine's are timed by turns, so that a busy moment is everybody's."""
    small, large = _rules(0, 4), _rules(0, POLICIES)
    engine = _engine(large)
    warm, many, bare = _by_turns(lambda: _decide(small), lambda: _decide(large), engine)
    cold = [_cold(number) for number in range(1, COLD_ROUNDS + 1)]
    matching = len(large.of_kinds(("Person", ACTION, "Document")))
    base = "policy_cedar_slice"
    return [
        _figure("policy_decide_cold", median(cold), None, f"{POLICIES} policies read, one asked"),
        _figure("policy_decide_warm", warm, None, "4 policies and those of every site"),
        _figure("policy_decide_300", many, base, f"{matching} of {POLICIES} are about it"),
        _figure(base, bare, None, f"cedarpy, compiled, on those {matching} alone"),
    ]


def _policy(seed: int, number: int) -> str:
    action = ACTIONS[number % len(ACTIONS)]
    condition = f'when {{ resource.path like "content/section{number}/*" }}'
    about = condition if action.resource == "Document" else ""
    return (
        f'@id("p{seed}-{number}") permit (principal in Role::"role{number}",'
        f' action == Action::"{action.name}", resource is {action.resource}) {about};\n'
    )


def _rules(seed: int, policies: int) -> Rules:
    """Another `seed`, and nothing of it has been read before."""
    text = "".join(_policy(seed, number) for number in range(policies))
    text += f'@id("all-{seed}") permit (principal, action == Action::"{ACTION}", resource);'
    rules = rules_of({"policies/site.cedar": text.encode()})
    if rules.flaws or not rules.decide(ADA, ACTION, DOCUMENT).allowed:
        raise BenchError("the policies do not decide as they should")
    return rules


def _decide(rules: Rules) -> None:
    rules.decide(ADA, ACTION, DOCUMENT)


def _engine(rules: Rules) -> Callable[[], object]:
    """The engine as its documentation shows it, with handles, on the policies that can match."""
    matching = rules.of_kinds(("Person", ACTION, "Document"))
    handle = cedarpy.PolicySet.from_str("\n".join(policy.text for policy in matching))
    who = {"uid": {"type": "Person", "id": "ada"}, "attrs": {}}
    roles = [{"type": "Role", "id": role} for role in ADA.roles]
    what = {
        "uid": {"type": "Document", "id": DOCUMENT.path},
        "attrs": {name: getattr(DOCUMENT, name) for name in DOCUMENT.shape},
        "parents": [{"type": "Branch", "id": "main"}],
    }
    entities = json.dumps([{**who, "parents": roles}, what])
    request = {
        "principal": who["uid"],
        "action": {"type": "Action", "id": ACTION},
        "resource": what["uid"],
        "context": {},
    }
    if not cedarpy.is_authorized(request, handle, entities).allowed:
        raise BenchError("the engine decides otherwise")
    return lambda: cedarpy.is_authorized(request, handle, entities)


def _by_turns(*calls: Callable[[], object]) -> list[float]:
    """Milliseconds of one call: the best round of each."""
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for number, call in enumerate(calls):
            start = time.perf_counter()
            for _ in range(CALLS):
                call()
            best[number] = min(best[number], (time.perf_counter() - start) / CALLS * 1000)
    return best


def _cold(seed: int) -> float:
    start = time.perf_counter()
    _rules(seed, POLICIES)
    return (time.perf_counter() - start) * 1000


def _figure(name: str, value: float, of: str | None, note: str) -> Figure:
    return Figure(name=name, value=value, unit="ms", of=of, note=note)
