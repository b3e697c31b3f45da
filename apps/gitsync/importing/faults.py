"""Why an import ends with nothing written, for whoever asked for it."""

from typing import Final

from apps.content.wordpress.wxr import ExportError
from apps.gitsync.errors import GitFault

REMEDIES: Final = {
    "wordpress.xml": "Export it again; a file that was cut off or edited cannot be read",
    "wordpress.form": "Name the file that Tools > Export of WordPress made",
    "wordpress.version": "Export it again with a WordPress of today",
    "wordpress.encoding": "Save it as UTF-8, or export it again",
    "wordpress.doctype": "Export it again; nobody should import a file that was made like this",
    "wordpress.bounds": "Export it in parts: WordPress offers them by author, date and kind",
}


def export_fault(error: ExportError) -> GitFault:
    place = f"line {error.line}: " if error.line else ""
    return GitFault(error.code, f"{place}{error.reason}", REMEDIES[error.code])
