"""What a file of the repository is to a merge, by its path. Pure."""

from pathlib import PurePosixPath

from apps.content.configuration import OWN_FOLDERS
from apps.content.layouts import MARKUP
from apps.content.merging.parts import Form

HEADERS = {".json": Form.JSON, ".toml": Form.TOML, ".yaml": Form.YAML, ".yml": Form.YAML}
DOCUMENTS = frozenset((*MARKUP, ".txt"))
SECRETS = "secrets/"


def form_of(source: str) -> Form:
    """A file of secrets is sealed as a whole; programs and templates are merged as Git does."""
    if source.startswith(SECRETS):
        return Form.WHOLE
    suffix = PurePosixPath(source).suffix.lower()
    if suffix in HEADERS:
        return HEADERS[suffix]
    is_document = suffix in DOCUMENTS and not source.startswith(OWN_FOLDERS)
    return Form.DOCUMENT if is_document else Form.TEXT
