"""How a version of an extension differs from the one that the site has. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.extensions.finding import ExtensionFiles
from apps.extensions.inspecting import manifest_of
from apps.extensions.owning.owned import Owned, usable
from apps.extensions.owning.plans import News
from apps.extensions.settings_schema import Setting


def news(owned: Owned, files: ExtensionFiles) -> News | None:
    """None where the site has these bytes already, as they were accepted."""
    entry, before = owned.lock.entry(files.kind, files.id), owned.find(files.kind, files.id)
    pinned = entry.digest if entry else None
    if before and before.digest() == files.digest() and pinned in (None, files.digest()):
        return None
    old = manifest_of(before) if before else []
    known, new = None if isinstance(old, list) else old, usable(files)
    gone = set(getattr(known, "capabilities", ())) - set(getattr(new, "capabilities", ()))
    return News(
        version=(str(known.version) if known else "", str(new.version)),
        digest=(pinned or "", files.digest()),
        no_longer=tuple(sorted(gone)),
        settings=tuple(_settings(known.settings, new.settings)) if known else (),
    )


def _settings(before: Mapping[str, Setting], after: Mapping[str, Setting]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None and new is not None:
            yield f"{name} is new: {new.type}, {_shown(new.default)} if left out"
        elif new is None:
            yield f"{name} is gone"
        elif old is not None and _rules(old) != _rules(new):
            yield f"{name} is another: {new.type}, {_shown(new.default)} if left out"


def _rules(setting: Setting) -> dict[str, Any]:
    return setting.model_dump(exclude={"help"})


def _shown(value: Any) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)
