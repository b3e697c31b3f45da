"""Sites that differ in their plugins only: a copy of a site, and a commit that chooses them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from apps.extensions.finding import SITE, ExtensionFiles
from apps.extensions.lock import Entry, Tables, write_lock
from bench import sites
from bench.sites import Site

MARK = """\
on("content.resolved", function(event, propose)
  propose.metadata("long", #event.content.title > 20)
  propose.header("x-kind", event.content.kind)
end)
"""
BURN = 'on("content.resolved", function() while true do end end)\n'


def with_plugins(site: Site, folder: Path, name: str, text: str) -> Site:
    """The site, and a commit on top that chooses the plugins."""
    made = sites.copy(site, folder, name)
    config = sites.read(made, "config.toml")
    head = "[whispercms]\n" if "[whispercms]" not in config else ""
    asks = ("read:content.meta", "propose:metadata", "propose:header")
    mark, burn = plugin("mark", MARK, asks), plugin("burn", BURN, ())
    files = {
        "config.toml": f"{config}\n{head}{text or 'plugins = []'}\n",
        "extensions.lock": locked("mark", mark, asks) + locked("burn", burn, ()),
        **mark,
        **burn,
    }
    sites.commit(made, files)
    return made


def choices(*names: str, group: str = "") -> str:
    grouped = f'group = "{group}"\n' if group else ""
    return "".join(f'[[whispercms.plugins]]\nid = "{name}"\n{grouped}' for name in names)


def plugin(name: str, source: str, capabilities: Sequence[str]) -> dict[str, str]:
    """Its files by path."""
    listed = ", ".join(f'"{each}"' for each in capabilities)
    manifest = (
        f'id = "{name}"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
        f'subscribes = ["content.resolved"]\ncapabilities = [{listed}]\n'
    )
    return {f"plugins/{name}/plugin.toml": manifest, f"plugins/{name}/main.lua": source}


def locked(name: str, files: Mapping[str, str], capabilities: Sequence[str]) -> str:
    """The lines of `extensions.lock` that accept it."""
    own = {path.removeprefix(f"plugins/{name}/"): each.encode() for path, each in files.items()}
    pin = Entry(
        digest=ExtensionFiles("plugin", name, SITE, own).digest(), capabilities=list(capabilities)
    )
    return write_lock(Tables(plugins={name: pin})).decode()
