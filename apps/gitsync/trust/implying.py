"""What a change to a file comes to: the action of policy that its path implies. Pure."""

from collections.abc import Container
from typing import Final

from apps.content.configuration import PATH as CONFIGURATION
from apps.extensions.lock import PATH as LOCK
from apps.gitsync.trust.signers import PATH as SIGNERS
from apps.policy.entities import (
    Capability,
    Document,
    Extension,
    Policy,
    Resource,
    Secret,
    Site,
)

POLICIES: Final = "policies"
SECRETS: Final = "secrets"
EXTENSIONS: Final = {"themes": "theme", "plugins": "plugin"}
FILE: Final = "file"
"""The type of a document that is served as it is."""
SITE: Final = Site("site")
"""There is one in a repository, whatever each node calls it."""
ALL: Final = "*"
"""Stands for whatever there is, where a file does not say which."""


def implied(path: str, document: Document, known: Container[str]) -> tuple[str, Resource]:
    """`document` is what the file is where it is nothing else; `known` are the folders of the
    extensions that the site has, such as `plugins/toc`."""
    first, _, rest = path.partition("/")
    name, folder = rest.partition("/")[0], f"{first}/{rest.partition('/')[0]}"
    if path == CONFIGURATION:
        return "configure-site", SITE
    if path == LOCK:
        return "grant-capability", Capability(ALL, ALL, granted=True)
    if path == SIGNERS or first == POLICIES:
        return "change-policy", Policy(path)
    if first == SECRETS:
        return "change-secret", Secret(path, ALL)
    if first in EXTENSIONS and name:
        action = "upgrade-extension" if folder in known else "install-extension"
        return action, Extension(EXTENSIONS[first], name, bundled=False)
    return "edit", document
