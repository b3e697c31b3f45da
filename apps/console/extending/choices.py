"""What somebody asked to be done with an extension: decoded from a request, as an act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from apps.console.extending.bounds import VERSIONS
from apps.console.extending.uploads import uploaded
from apps.console.extending.verbs import BY_NAME, Verb
from apps.extensions.finding import ExtensionFiles, Kind
from apps.extensions.owning import planning
from apps.extensions.owning.owned import OwnerRefused
from apps.gitsync.clone.remote import target
from apps.gitsync.git.repository import Repository
from apps.gitsync.owning import Act
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.extension_versions import extension_at, versions
from apps.runtime.workers import Workers

GIVEN: Final = ("mount", "upload", "commit", "by", "enabling")
CHARACTERS: Final = 200
WAYS: Final = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`given` is repeated by the form that does it."""

    verb: Verb
    kind: Kind
    name: str
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"

    def has(self, name: str) -> str | None:
        return self.given.get(name) or None


def chosen(verb: str, kind: Kind, name: str, said: Mapping[str, str]) -> Choice:
    given = {each: str(said[each])[:CHARACTERS] for each in GIVEN if said.get(each)}
    return Choice(verb=BY_NAME[verb], kind=kind, name=name, given=given)


def act_of(choice: Choice, owner: str, source: SiteSource, workers: Workers) -> Act:
    """Raises OwnerRefused and GitFault for what is not there."""
    key = choice.key
    match choice.verb.name:
        case "enable":
            return Act(partial(planning.enable, key=key, mount=choice.has("mount")))
        case "disable":
            return Act(partial(planning.disable, key=key))
        case "uninstall":
            return Act(partial(planning.uninstall, key=key))
        case "move":
            by = WAYS.get(choice.given.get("by", ""), 0)
            return Act(partial(planning.move, key=key, by=by))
        case "accept":
            return Act(partial(planning.upgrade, key=key, files=None, origin=None))
        case "earlier":
            files = _earlier(choice, source)
            return Act(partial(planning.bring_back, files=files), files)
    files = _sent(choice, owner, workers)
    if choice.verb.name == "upgrade":
        return Act(partial(planning.upgrade, key=key, files=files, origin=None), files)
    enabling = choice.has("enabling") is not None
    return Act(partial(planning.install, files=files, origin=None, enabling=enabling), files)


def _sent(choice: Choice, owner: str, workers: Workers) -> ExtensionFiles:
    from apps.extensions.owning.packed import unpack

    files = unpack(uploaded(owner, choice.given.get("upload", "")), workers)
    if files.key != choice.key:
        raise OwnerRefused("unknown", f"this is {files.key}, not {choice.key}")
    return files


def _earlier(choice: Choice, source: SiteSource) -> ExtensionFiles:
    """Of a commit that is among those shown: no other is anybody's business here."""
    repository = Repository(source.repository)
    tip, wanted = target(repository, source).commit, choice.given.get("commit", "")
    known = versions(repository, tip, choice.kind, choice.name, limit=VERSIONS)
    found = None
    if wanted in {each.commit for each in known}:
        found = extension_at(repository, wanted, choice.kind, choice.name)
    if found is None:
        raise OwnerRefused("unknown", f"the site had no {choice.key} at that commit")
    return found
