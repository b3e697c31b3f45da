"""Who may do what, by the policies of one commit: compiled once, asked often. Default deny.

Nothing here raises for what is asked: whatever cannot be decided is denied, with its reason.
"""

from collections.abc import Mapping
from typing import Any

from apps.policy import bundled, cedar
from apps.policy.cedar import Answer, Slice, UnreadablePolicy
from apps.policy.decisions import UNPERMITTED, Decision, denied
from apps.policy.entities import (
    MalformedEntity,
    Person,
    Principal,
    Resource,
    Visitor,
)
from apps.policy.flaws import Flaw
from apps.policy.policies import NamedPolicy, named
from apps.policy.questions import Kinds, question
from apps.policy.roles import Roles
from apps.policy.schema import NOTHING, applies, complete
from apps.policy.scopes import concerns
from apps.policy.sources import Sources, read

__all__ = ["VISITOR", "Decision", "Rules", "rules_from", "rules_of"]

VISITOR = Visitor()


class Rules:
    """Thread-safe. Slices are compiled when they are first asked for, and kept."""

    def __init__(
        self,
        policies: tuple[NamedPolicy, ...],
        roles: Roles,
        more: Mapping[str, Any] = NOTHING,
        flaws: tuple[Flaw, ...] = (),
    ) -> None:
        """`more` is the schema of what others add. With any of `flaws` everything is denied."""
        self.policies = policies
        self.roles = roles
        self.flaws = flaws
        self.more = more
        self.applies = applies(complete(more))
        self._slices: dict[Kinds, Slice | None] = {}

    def person(self, id: str) -> Person:
        """With the roles that the site gives them."""
        return self.roles.person(id)

    def decide(
        self, principal: Principal | None, action: str, resource: Resource | None
    ) -> Decision:
        """Costs little more than the engine does for the policies that can match."""
        if self.flaws:
            said = f"the policies cannot be used: {self.flaws[0]}"
            return denied(said, (said,))
        try:
            asked = question(principal, action, resource, self.applies)
            policies = self._slice(asked.kinds)
        except (MalformedEntity, UnreadablePolicy) as error:
            return denied(str(error), (str(error),))
        if policies is None:
            return denied(UNPERMITTED)
        return _decision(cedar.ask(policies, asked.request, asked.entities))

    def of_kinds(self, kinds: Kinds) -> tuple[NamedPolicy, ...]:
        """The policies that can match, whoever and whatever it is of these kinds."""
        return tuple(each for each in self.policies if concerns(each.json, *kinds))

    def without(self, *names: str) -> "Rules":
        """The same rules but for some policies."""
        kept = tuple(each for each in self.policies if each.name not in names)
        return Rules(kept, self.roles, self.more, self.flaws)

    def _slice(self, kinds: Kinds) -> Slice | None:
        try:
            return self._slices[kinds]
        except KeyError:
            found = {each.name: each.text for each in self.of_kinds(kinds)}
            # Two threads may do it at once; then either result serves.
            self._slices[kinds] = cedar.compiled(found) if found else None
            return self._slices[kinds]


def rules_of(files: Mapping[str, bytes], more: Mapping[str, Any] = NOTHING) -> Rules:
    """Of all files of a commit, or those below `policies/`.

    A site without policies has those of a single author. Files that were not proven by
    `validating` are bounded and read all the same; whatever is wrong with them denies everything.
    """
    return rules_from(read(files), more)


def rules_from(sources: Sources, more: Mapping[str, Any] = NOTHING) -> Rules:
    site = sources.policies or read(bundled.sample(bundled.DEFAULT)).policies
    policies, flaws = named((bundled.base(), *site))
    return Rules(policies, sources.roles, more, (*sources.flaws, *flaws))


def _decision(answer: Answer) -> Decision:
    if answer.errors:
        return Decision(False, "; ".join(answer.errors), answer.policies, answer.errors)
    if not answer.policies:
        return denied(UNPERMITTED)
    names = ", ".join(answer.policies)
    return Decision(
        answer.allowed, names if answer.allowed else f"forbidden by {names}", answer.policies
    )
