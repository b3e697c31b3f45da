"""Names everything that a rendered body depends on besides the document's bytes and markup."""

from functools import cache
from importlib.metadata import version

RULES = 2
"""Raise it with any change of ours that makes something else of the same file."""
LIBRARIES = (
    *("comrak", "Markdown", "nh3", "pillow", "python-frontmatter", "Pygments", "PyYAML"),
    "turbohtml",
)


@cache
def library_versions() -> tuple[str, ...]:
    return tuple(f"{name.lower()}-{version(name)}" for name in LIBRARIES)


def renderer_id(asciidoctor: str | None) -> str:
    """Stable text: the same for the same versions. `asciidoctor` is its version, if it is there."""
    return " ".join([f"rules-{RULES}", *library_versions(), f"asciidoctor-{asciidoctor or 'none'}"])
