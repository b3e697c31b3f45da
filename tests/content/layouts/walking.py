"""Small real sites, served: what a visitor gets at each of their addresses."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from tests.sites import Site


def statuses(site: Site, urls: Iterable[str]) -> dict[str, int]:
    return {url: site.get(quote(url)).status for url in urls}


def leads_to(site: Site, url: str) -> str | None:
    return site.get(quote(url)).header("location")


def built_by_hugo(hugo: str, files: Mapping[str, str], folder: Path) -> list[str]:
    """The addresses of all that Hugo makes of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    subprocess.run([hugo, "--quiet"], cwd=folder, check=True, capture_output=True, timeout=60)
    public = folder / "public"
    paths = (file.relative_to(public).as_posix() for file in public.rglob("*") if file.is_file())
    return sorted(f"/{path.removesuffix('index.html')}" for path in paths)
