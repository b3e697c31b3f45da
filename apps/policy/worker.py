"""The confined worker that reads policies first, proves them, and runs their tests.

Asked by `validating`. Imports all it needs at once: confined, nothing can be opened.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from apps.policy.bundled import BASE, DEFAULT, base, sample
from apps.policy.cases import Case, failures, read_cases
from apps.policy.fitting import unfit
from apps.policy.flaws import Flaw, flaw
from apps.policy.limits import CASES, FLAWS
from apps.policy.rules import Rules, rules_from
from apps.policy.sources import Sources, read

_READ_BEFORE_CONFINEMENT = (base(), sample(DEFAULT))


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup`: the schema of what others add."""

    def answer(files: Mapping[str, str]) -> dict[str, Any]:
        """Path -> text, into {"flaws", "failed", "policies", "cases"}."""
        sources = read({path: text.encode() for path, text in files.items()})
        return _checked(sources, rules_from(sources, setup))

    return answer


def _checked(sources: Sources, rules: Rules) -> dict[str, Any]:
    flaws = [*rules.flaws, *(each for each in unfit(rules) if each.path != BASE)]
    cases = tuple(_cases(sources, flaws))
    failed = () if rules.flaws else failures(cases, rules)
    told = [*flaws, *(each.flaw() for each in failed)]
    return {
        "flaws": [each.as_json() for each in told[:FLAWS]],
        "failed": [each.as_json() for each in failed[:FLAWS]],
        "policies": sum(each.path != BASE for each in rules.policies),
        "cases": len(cases),
    }


def _cases(sources: Sources, flaws: list[Flaw]) -> Iterable[Case]:
    found: list[Case] = []
    for path, text in sources.tests:
        cases, wrong = read_cases(path, text, sources.roles)
        flaws += wrong
        found += cases
        if len(found) > CASES:
            flaws.append(flaw(path, "policy.too-large", f"there are over {CASES} cases"))
            return ()
    return found
