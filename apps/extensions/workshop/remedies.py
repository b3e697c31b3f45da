"""What an author can do about each kind of defect: one sentence for each code."""

from typing import Final

_RULES: Final = "manifest."
"""Before the name of a rule that a value breaks."""
REMEDIES: Final = {
    "case.toml": "Mend the line; a case begins with [[case]]",
    "case.value": "Correct or remove it; the keys of a case are in the documentation",
    "document.too-large": "Make the file smaller, or keep it in the site's media/",
    "extension.unusable": "Simplify it until it starts; the reason says what it ran into",
    f"{_RULES}extra-forbidden": "Remove the key, or correct its name",
    "manifest.id": "Give the folder and the id the same name",
    f"{_RULES}missing": "Add the key",
    "manifest.order": "Choose one of the orders",
    "manifest.query": "Correct the filter; the documentation has all fields and operators",
    "manifest.requires": "Widen the range if it works with this version as well",
    "manifest.route": "Change the name or the path, or remove the route",
    "manifest.setting": "Rename the setting",
    "manifest.template": "Write the template, or name one that is there",
    "manifest.too-large": "Shorten the manifest",
    "manifest.toml": "Mend the line, so that it is TOML",
    "path.link": "Put a copy of the file in its place",
    "folder.many": "Move what is not part of it out of the folder",
    "folder.no-file": "Remove it from the folder",
    "folder.unreadable": "Check the rights of the file",
    "plugin.missing": "Write it, or correct the name of the file",
    "plugin.error": "Mend the line; only what the sandbox offers is there",
    "plugin.subscribes": "Add the event to the manifest's subscribes, or remove the function",
    "template.error": "Mend the line; an asset or a template must be in the theme's own folders",
}
OTHERS: Final = "Give the key a value of the form that the reason names"


def remedy(code: str) -> str:
    return REMEDIES.get(code, OTHERS)
