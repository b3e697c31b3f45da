"""All that is sensitive, in one table: who may ask for it, of what, and in which words.

What extensions may do comes from their own table and is added in `schema`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`words` end the sentence "May they ...?". Sensitive ones are audited, whatever comes out."""

    name: str
    principals: tuple[str, ...]
    resource: str
    sensitive: bool = True
    words: str


_HERE: Final = ("Person", "System")
_EVERYBODY: Final = ("Person", "System", "Visitor")


def _action(name: str, resource: str, words: str) -> Action:
    return Action(name=name, principals=_HERE, resource=resource, words=words)


ACTIONS: Final = (
    Action(
        name="read",
        principals=_EVERYBODY,
        resource="Document",
        sensitive=False,
        words="read a document as the site shows it",
    ),
    Action(
        name="preview",
        principals=_HERE,
        resource="Document",
        sensitive=False,
        words="see a document before it is published",
    ),
    _action("edit", "Document", "write, change or delete a document"),
    _action("publish", "Branch", "publish a branch: merge it and push it to the remote"),
    _action("merge", "Branch", "decide a conflict of a branch"),
    Action(
        name="sync",
        principals=_HERE,
        resource="Branch",
        sensitive=False,
        words="bring the index to the branch's newest commit",
    ),
    _action("promote", "Branch", "make what another environment serves a release of this one"),
    _action("roll-back", "Release", "serve an earlier release again"),
    _action("back-up", "Site", "write a backup of everything"),
    _action("restore", "Site", "bring the node back to a backup"),
    _action("upgrade-site", "Site", "bring the repository to a newer schema"),
    _action("configure-site", "Site", "change the configuration of the site"),
    _action("manage-people", "Person", "give somebody an account, change it or take it away"),
    _action("enable-extension", "Extension", "enable or disable an extension"),
    _action("configure-extension", "Extension", "change the settings of an extension"),
    _action("install-extension", "Extension", "add an extension to the site, or remove it"),
    _action("upgrade-extension", "Extension", "bring an extension to another version"),
    _action("grant-capability", "Capability", "let an extension have a capability"),
    _action("read-secret", "Secret", "have a secret in plain"),
    _action("change-secret", "Secret", "write, rotate or remove a secret"),
    _action("change-policy", "Policy", "change policies, roles or their tests"),
)
BY_NAME: Final[Mapping[str, Action]] = MappingProxyType({each.name: each for each in ACTIONS})
