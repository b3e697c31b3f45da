"""`extension dryrun ID`: what enabling it would change over the whole site, page by page."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apps.content.problems import Problem
from apps.delivery.observation import CommitMoved
from apps.delivery.trying.differences import PageChange
from apps.delivery.trying.rehearsal import Progress, Rehearsal, compare
from apps.extensions.capabilities import consent
from apps.extensions.finding import KINDS, ExtensionFiles, find
from apps.extensions.manifests import check_settings
from apps.extensions.overlay import Overlaid, is_enabled, overlaid
from apps.extensions.settling import ExtensionsUnusable, manifest_of
from whispercms.management.fetching import files_in
from whispercms.management.serving import Serving, served_site
from whispercms.management.verb import (
    EXIT_NODE,
    EXIT_REFUSED,
    EXIT_USAGE,
    Answer,
    Options,
    VerbEnd,
)

HELP = "show what enabling an extension would change on every page; nothing is changed"
DIFFERENCES = 200
"""So many pages' differences are written out; all are counted and named."""
PROGRESS_SECONDS = 2.0


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="plugin:<id>, theme:<id>, or the id alone")
    parser.add_argument("--from", dest="path", type=Path, help="the folder of another version")
    said = "instead of those that the site gives it, such as '{\"words\": 3}'"
    parser.add_argument("--configure", metavar="JSON", help=said)


def answer(options: Options) -> Answer:
    with served_site() as site:
        extension = _extension(options, site)
        settings = _settings(extension, options["configure"])
        wanted = overlaid(_now(site), extension, settings)
        try:
            found, _ = compare(site.node, site.served, wanted, _progress(options["progress"]))
        except ExtensionsUnusable as error:
            return _refused(error.problems)
        except CommitMoved as error:
            reason = "the site moved on meanwhile; try again"
            raise VerbEnd(EXIT_NODE, "node", reason) from error
    return _told(extension, found)


def _now(site: Serving) -> Overlaid:
    pointer = site.node.index.pointer()
    assert pointer is not None
    return Overlaid(pointer.site_configuration(), site.node.index.kept())


def _extension(options: Options, site: Serving) -> ExtensionFiles:
    """Raises VerbEnd and NoExtension."""
    kind, _, name = str(options["id"]).rpartition(":")
    now = _now(site)
    if options["path"] is not None:
        return _from_folder(options["path"], kind, name)
    found = [
        files
        for each in KINDS
        if kind in ("", each) and (files := find(each, name, now.kept, site.node.bundled))
    ]
    if len(found) != 1:
        reason = f"there is no extension {options['id']!r} in the site or the product"
        if found:
            reason = f"there is a plugin and a theme {name!r}; say which, as plugin:{name}"
        raise VerbEnd(EXIT_USAGE, "unknown", reason)
    if is_enabled(now.configuration, found[0].kind, name) and options["configure"] is None:
        reason = f"{found[0].kind}:{name} is enabled; say what is to change: --from or --configure"
        raise VerbEnd(EXIT_USAGE, "enabled", reason)
    return found[0]


def _from_folder(path: Path, kind: str, name: str) -> ExtensionFiles:
    """Raises VerbEnd and NoExtension."""
    files = files_in(path)
    if files.id != name or kind not in ("", files.kind):
        reason = f"{path} holds {files.kind}:{files.id}, not {kind or files.kind}:{name}"
        raise VerbEnd(EXIT_USAGE, "unknown", reason)
    return files


def _settings(extension: ExtensionFiles, text: str | None) -> Mapping[str, Any] | None:
    """Raises VerbEnd."""
    if text is None:
        return None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if type(given) is not dict:
        reason = "--configure takes a JSON object, such as '{\"words\": 3}'"
        raise VerbEnd(EXIT_USAGE, "usage", reason)
    manifest = manifest_of(extension)
    wrong = () if isinstance(manifest, list) else check_settings(manifest, given)[1]
    if wrong:
        raise VerbEnd(EXIT_USAGE, "usage", "; ".join(wrong))
    return given


def _progress(write: Any) -> Progress:
    """A line now and then; the last one says that it is done."""
    told = [time.monotonic()]

    def tell(pages: int, known: int) -> None:
        now = time.monotonic()
        if now - told[0] >= PROGRESS_SECONDS:
            told[0] = now
            write(f"{pages} of {known} pages")

    return tell


def _refused(problems: tuple[Problem, ...]) -> Answer:
    values = {"problems": [each.as_json() for each in problems]}
    return Answer(values, "\n".join(map(str, problems)), EXIT_REFUSED)


def _told(extension: ExtensionFiles, found: Rehearsal) -> Answer:
    manifest = manifest_of(extension)
    asks = consent(getattr(manifest, "capabilities", ()))
    values = found.as_json()
    for each in values["changes"][DIFFERENCES:]:
        each |= {"difference": [], "cut": True}
    name = f"{extension.kind}:{extension.id}"
    counts = f"{len(found.changes)} of {found.pages} pages would change"
    lines = [f"{name} {getattr(manifest, 'version', '')}, at {found.commit[:10]}", *asks]
    for change in found.changes[:DIFFERENCES]:
        lines += _shown(change)
    lines += [f"{each.url} would change too" for each in found.changes[DIFFERENCES:]]
    lines += [f"{each.url}: failed: {each.reason}" for each in found.failures]
    lines += [f"{counts}, {len(found.failures)} failures"]
    return Answer({"id": name, "asks": list(asks), **values}, "\n".join(lines))


def _shown(change: PageChange) -> list[str]:
    more = ["  …"] if change.cut else []
    return [f"--- {change.url}", f"+++ {change.url}", *change.difference, *more]
