"""What docs/policy.md says of policies is what the code does."""

import pytest

from apps.extensions.capabilities import cedar_schema
from apps.policy import bundled
from apps.policy.actions import ACTIONS
from apps.policy.cases import KEYS
from apps.policy.entities import PRINCIPALS, RESOURCES, Entity
from apps.policy.flaws import REMEDIES
from apps.policy.policies import named
from apps.policy.splitting import split
from apps.policy.validating import check
from apps.runtime.workers import Workers
from tests import docs

PAGE = "policy.md"


def test_the_actions_are_those_of_the_table() -> None:
    told = [
        (docs.codes(name)[0], tuple(docs.codes(by)), docs.codes(of)[0], words)
        for name, by, of, words in docs.table(PAGE, "Actions")
    ]
    assert told == [(a.name, a.principals, a.resource, a.words) for a in ACTIONS]


@pytest.mark.parametrize(
    ("heading", "kinds"), [("Principals", PRINCIPALS), ("Resources", RESOURCES)]
)
def test_the_kinds_are_told_with_their_attributes(
    heading: str, kinds: tuple[type[Entity], ...]
) -> None:
    told = [
        (docs.codes(kind)[0], docs.codes(attributes), docs.codes(within))
        for kind, _, attributes, within in docs.table(PAGE, heading)
    ]
    assert told == [(k.kind, list(k.shape), [k.within] if k.within else []) for k in kinds]


def test_the_policies_of_every_site_are_told() -> None:
    policies, _ = named([bundled.base()])
    told = docs.first_codes(docs.table(PAGE, "What every site has"))
    assert [f"{bundled.BASE}:{id}" for id in told] == [policy.name for policy in policies]


def test_the_samples_are_told() -> None:
    assert docs.first_codes(docs.table(PAGE, "Samples")) == list(bundled.SAMPLES)


def test_the_keys_of_a_test_are_told() -> None:
    assert set(docs.first_codes(docs.table(PAGE, "Tests"))) == KEYS


def test_the_codes_and_their_remedies_are_told() -> None:
    told = {
        docs.codes(code)[0]: remedy.replace("`", "")
        for code, remedy in docs.table(PAGE, "How policies are proven")
    }
    assert told == dict(REMEDIES)


def test_the_bounds_are_the_constants() -> None:
    for name, value, _ in docs.table(PAGE, "Bounds"):
        assert docs.number(value) == docs.resolve(name.strip("`")), name


def test_the_example_is_proven_with_its_tests(workers: Workers) -> None:
    files = {path: text.encode() for path, text in docs.named_files(PAGE).items()}
    assert len(files) == 3
    found = check(files, workers, cedar_schema())
    assert (found.flaws, found.policies, found.cases) == ((), 3, 5)
    (forbid,) = [each for each in docs.FENCE.findall(docs.read(PAGE)) if "readContentText" in each]
    assert not check({"policies/a.cedar": forbid.encode()}, workers, cedar_schema()).flaws
    assert len(split(forbid)) == 1
