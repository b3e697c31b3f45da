"""What each act of a site's owner changes. Pure; each raises OwnerRefused with all reasons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.content.configuration import PATH
from apps.content.problems import Problem
from apps.extensions import lock
from apps.extensions.finding import KINDS, ExtensionFiles, Kind
from apps.extensions.manifests import manifest_path
from apps.extensions.owning import choosing
from apps.extensions.owning.assignments import assigned
from apps.extensions.owning.comparing import news
from apps.extensions.owning.granting import asked, pin
from apps.extensions.owning.owned import (
    Lists,
    Owned,
    OwnerRefused,
    is_bundled,
    refused,
    there,
    usable,
)
from apps.extensions.owning.plans import Grant, Plan, changed_lists, files_of
from apps.extensions.settings_schema import Setting, check_settings

Origin = tuple[str, str] | None
"""A Git repository and the commit in it."""


def enable(owned: Owned, key: str, mount: str | None = None) -> Plan:
    kind, name = owned.named(key)
    files = there(owned, kind, name)
    usable(files)
    if kind == "plugin" and mount is not None:
        raise OwnerRefused("mount", f"{files.key} is a plugin, which has no mount; leave it out")
    entry = owned.lock.entry(kind, name)
    if entry and entry.digest and not is_bundled(files) and entry.digest != files.digest():
        raise refused(lock.granted(lock.Lock(owned.lock), files, frozenset())[1])
    return _plan(
        owned,
        f"Enable {kind} {name}",
        files,
        choosing.switched_on(owned.lists(), kind, name, mount),
    )


def disable(owned: Owned, key: str) -> Plan:
    """What the lock grants stays, for when it is enabled again."""
    kind, name = owned.named(key)
    before = owned.lists()
    lists = choosing.switched_off(before, kind, name)
    cause = f"Disable {kind} {name}"
    return Plan(cause=cause, of=(f"{kind}:{name}",), lists=changed_lists(before, lists))


def configure(owned: Owned, key: str, texts: Iterable[str], unset: Iterable[str] = ()) -> Plan:
    kind, name = owned.named(key)
    manifest = usable(there(owned, kind, name))
    old = choosing.settings_of(_listing(owned, kind, name), kind, name)
    made = _assigned(manifest.settings, old, tuple(texts), tuple(unset))
    return _configured(owned, kind, name, made)


def set_up(owned: Owned, key: str, places: Sequence[Mapping[str, Any]]) -> Plan:
    """With these settings at each of the places where it is listed, in their order."""
    kind, name = owned.named(key)
    manifest = usable(there(owned, kind, name))
    if len(places) != len(choosing.settings_of(_listing(owned, kind, name), kind, name)):
        raise OwnerRefused("places", f"{kind}:{name} is listed elsewhere by now; look at it again")
    made = [(dict(each), check_settings(manifest.settings, each)[1]) for each in places]
    return _configured(owned, kind, name, made)


def move(owned: Owned, key: str, by: int) -> Plan:
    """Plugins are asked in the order of their list."""
    kind, name = owned.named(key)
    before = _listing(owned, kind, name)
    lists = choosing.moved(before, kind, name, by)
    cause = f"Move {kind} {name} {'down' if by > 0 else 'up'}"
    return Plan(cause=cause, of=(f"{kind}:{name}",), lists=changed_lists(before, lists))


def bring_back(owned: Owned, files: ExtensionFiles) -> Plan:
    """To files that the site had before; capabilities that it has not now are consented to anew."""
    usable(files)
    cause = f"Bring back {files.kind} {files.id}"
    return _plan(owned, cause, files, owned.lists())


def install(owned: Owned, files: ExtensionFiles, origin: Origin, *, enabling: bool = False) -> Plan:
    """Its bytes are pinned as they are; it runs when it is enabled."""
    usable(files)
    if owned.own(files.kind, files.id):
        reason = f"{files.key} is installed already; upgrade it instead"
        raise OwnerRefused("installed", reason)
    lists = owned.lists()
    if enabling:
        lists = choosing.switched_on(lists, files.kind, files.id, None)
    cause = f"Install {files.kind} {files.id}"
    return _plan(owned, cause, files, lists, origin=origin)


def upgrade(owned: Owned, key: str, files: ExtensionFiles | None, origin: Origin) -> Plan:
    """To other files, or to what stands in the site and is not what was pinned."""
    kind, name = owned.named(key)
    current = _own(owned, kind, name)
    new = files or current
    if (new.kind, new.id) != (kind, name):
        raise OwnerRefused("unknown", f"this is {new.key}, not {kind}:{name}")
    usable(new)
    return _plan(owned, f"Upgrade {kind} {name}", new, owned.lists(), origin=origin)


def uninstall(owned: Owned, key: str) -> Plan:
    kind, name = owned.named(key)
    before = owned.lists()
    paths = files_of(_own(owned, kind, name))
    files: dict[str, bytes | None] = dict.fromkeys(paths)
    return Plan(
        cause=f"Uninstall {kind} {name}",
        of=(f"{kind}:{name}",),
        files=files | _lock(owned, owned.lock.having(kind, name, None)),
        lists=changed_lists(before, choosing.removed(before, kind, name)),
    )


def pin_all(owned: Owned) -> Plan:
    """Every extension of the site that is enabled, as it is now; pins of what is gone go."""
    wanted: list[tuple[Kind, str]] = [
        *(("theme", each.id) for each in owned.choices.themes),
        *(("plugin", each.id) for each in owned.choices.plugins),
    ]
    found = [each for each in (owned.own(*named) for named in wanted) if each]
    grants = tuple(grant for each in found for grant in _grants(owned, each))
    tables = _without_gone(owned)
    for each in found:
        held = frozenset(g.capability for g in grants if g.key == each.key)
        tables = tables.having(each.kind, each.id, pin(owned, each, held))
    return Plan(
        cause="Pin the site's extensions",
        of=tuple(dict.fromkeys(each.key for each in found)),
        files=_lock(owned, tables),
        grants=tuple(dict.fromkeys(grants)),
    )


def _plan(
    owned: Owned, cause: str, files: ExtensionFiles, lists: Lists, *, origin: Origin = None
) -> Plan:
    """The extension with these files, pinned."""
    before = owned.own(files.kind, files.id)
    grants, changes = _grants(owned, files), dict[str, bytes | None]()
    if not is_bundled(files):
        old = files_of(before) if before else {}
        new = files_of(files)
        changes |= dict.fromkeys(old.keys() - new.keys())
        changes |= {path: each for path, each in new.items() if old.get(path) != each}
        entry = pin(owned, files, frozenset(each.capability for each in grants), origin)
        changes |= _lock(owned, owned.lock.having(files.kind, files.id, entry))
    return Plan(
        cause=f"{cause} {usable(files).version}",
        of=(files.key,),
        digest=files.digest(),
        source=" ".join(origin or ()),
        files=changes,
        lists=changed_lists(owned.lists(), lists),
        grants=grants,
        news=news(owned, files),
    )


def _listing(owned: Owned, kind: Kind, name: str) -> Lists:
    """Raises OwnerRefused where it is not listed."""
    if not owned.is_listed(kind, name):
        reason = f"{kind}:{name} is not among the site's extensions; enable it first"
        raise OwnerRefused("unlisted", reason)
    return owned.lists()


def _configured(
    owned: Owned, kind: Kind, name: str, made: Sequence[tuple[dict[str, Any], tuple[str, ...]]]
) -> Plan:
    if wrong := {each for _, reasons in made for each in reasons}:
        raise refused([Problem(PATH, 0, "config.setting", f"{name}: {each}") for each in wrong])
    before = owned.lists()
    lists = choosing.configured(before, kind, name, [values for values, _ in made])
    cause = f"Configure {kind} {name}"
    return Plan(cause=cause, of=(f"{kind}:{name}",), lists=changed_lists(before, lists))


def _assigned(
    schema: Mapping[str, Setting],
    places: Sequence[Mapping[str, Any]],
    texts: Sequence[str],
    unset: Sequence[str],
) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """At each of its places; a setting that some of them have is unset there."""
    known = {key for settings in places for key in settings}
    return [
        assigned(schema, old, texts, [key for key in unset if key in old or key not in known])
        for old in places
    ]


def _own(owned: Owned, kind: Kind, name: str) -> ExtensionFiles:
    found = owned.own(kind, name)
    if found is None and owned.find(kind, name):
        reason = f"{kind}:{name} comes with the product, and changes with its version; disable it"
        raise OwnerRefused("bundled", reason)
    if found is None:
        raise OwnerRefused("unknown", f"the site has no {manifest_path(kind, name)}")
    return found


def _grants(owned: Owned, files: ExtensionFiles) -> tuple[Grant, ...]:
    return tuple(Grant(files.key, name) for name in sorted(asked(owned, files)))


def _lock(owned: Owned, tables: lock.Tables) -> dict[str, bytes | None]:
    if tables == owned.lock:
        return {}
    return {lock.PATH: lock.write_lock(tables) or None}


def _without_gone(owned: Owned) -> lock.Tables:
    tables = owned.lock
    for kind in KINDS:
        for name in tables.of(kind):
            if owned.find(kind, name) is None:
                tables = tables.having(kind, name, None)
    return tables
