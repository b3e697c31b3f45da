"""The console's colours: dark where the system is, and where somebody chose it."""

import re
from pathlib import Path

import apps.console

SHEET = Path(apps.console.__file__).parent / "static/console/console.css"
RULE = re.compile(r"([^{}]+?)\s*\{([^{}]*)\}")
VARIABLE = re.compile(r"(--[\w-]+):\s*([^;]+);")


def test_both_ways_into_the_dark_lead_to_the_same_colours() -> None:
    rules = {name.strip(): dict(VARIABLE.findall(body)) for name, body in RULE.findall(_sheet())}
    asked, chosen = rules[':root:not([data-theme="light"])'], rules['html[data-theme="dark"]']
    assert asked == chosen and len(asked) > 20


def _sheet() -> str:
    """Without comments, and with what is in a query beside the rest."""
    text = re.sub(r"/\*.*?\*/", "", SHEET.read_text(), flags=re.DOTALL)
    return re.sub(r"@media[^{]*\{", "", text)
