"""Whether the extensions of a site fit together: what each needs of others, and where they answer.
Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from apps.content.configuration import line_of
from apps.content.problems import Problem
from apps.extensions.configuration import is_reserved
from apps.extensions.finding import ExtensionFiles
from apps.extensions.manifests import PluginManifest, ThemeManifest


@dataclass(frozen=True, slots=True)
class Linked:
    """One that is enabled. `manifest` is None where it cannot be read; then it is there, and
    nothing is known of its version."""

    files: ExtensionFiles
    manifest: PluginManifest | ThemeManifest | None
    mount: str = ""

    def problem(self, code: str, reason: str, *place: str | int) -> Problem:
        text = self.files.files.get(f"{self.files.kind}.toml", b"").decode("utf-8", "replace")
        return Problem(self.files.manifest_path, line_of(text, *place), code, reason)


def disagreements(extensions: Sequence[Linked]) -> Iterator[Problem]:
    yield from _unmet(extensions)
    yield from _cycles(extensions)
    yield from _clashes(extensions)


def _unmet(extensions: Sequence[Linked]) -> Iterator[Problem]:
    there = {each.files.key: each.manifest for each in extensions}
    for each in extensions:
        for key, versions in each.manifest.needs.items() if each.manifest else ():
            found = there.get(key)
            if key not in there:
                reason = f"needs {key} {versions}, which is not enabled"
                yield each.problem("link.missing", reason, "needs", key)
            elif found and not versions.contains(found.version, prereleases=True):
                reason = f"needs {key} {versions}, but {found.version} is enabled"
                yield each.problem("link.version", reason, "needs", key)


def _cycles(extensions: Sequence[Linked]) -> Iterator[Problem]:
    """Each extension is told of in one cycle at most, whatever their order."""
    known = {each.files.key: each for each in extensions if each.manifest}
    graph = {key: sorted(_needs(each) & known.keys()) for key, each in sorted(known.items())}
    while cycle := _cycle(graph):
        first = min(cycle)
        at = cycle.index(first)
        round_trip = [*cycle[at:], *cycle[:at], first]
        shown = " → ".join(round_trip)
        yield known[first].problem("link.cycle", f"{shown}: a cycle", "needs", round_trip[1])
        graph = {key: needed for key, needed in graph.items() if key not in cycle}


def _cycle(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """In the order of who needs whom; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[:0:-1]
    return []


def _needs(extension: Linked) -> set[str]:
    return set(extension.manifest.needs) if extension.manifest else set()


def _clashes(extensions: Sequence[Linked]) -> Iterator[Problem]:
    """Routes of a theme that never answer, because the server or another theme does."""
    mounts = {each.mount: each for each in extensions if each.mount}
    for each in mounts.values():
        routes = each.manifest.routes if isinstance(each.manifest, ThemeManifest) else ()
        for position, route in enumerate(routes):
            if why := _never(each.mount, route.path, mounts):
                reason = f"route {route.name}: {why}, so it never answers"
                yield each.problem("link.route", reason, "routes", position, "path")


def _never(mount: str, path: str, mounts: Mapping[str, Linked]) -> str:
    """Why not; empty for one that does."""
    whole = mount + path.lstrip("/")
    if is_reserved(mount):  # That is told of the mount.
        return ""
    if is_reserved(whole):
        return "this is the server's own address"
    start = whole.partition("{")[0] if "{" in whole else f"{whole}/"
    inner = [each for each in mounts if len(each) > len(mount) and start.startswith(each)]
    return f"{mounts[max(inner, key=len)].files.key} is mounted there" if inner else ""
