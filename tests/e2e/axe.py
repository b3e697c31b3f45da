"""What axe finds of WCAG 2.2 AA on a page, as lines for people."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}


def violations(page: Any) -> list[str]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{each['id']} ({each['help']}): {node['html'][:200]} — {node['failureSummary'][:300]}"
        for each in found
        for node in each["nodes"]
    ]
