"""`manage.py releases`: the releases that this node knows, and which of them are served."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.gitsync.environments import releases_here
from apps.gitsync.errors import GitFault
from apps.gitsync.management.release_answers import fail, say
from apps.gitsync.releases.release import Release


class Command(BaseCommand):
    help = "List the releases of all environments, by time. Exit codes: 0, 3 unreadable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            releases, current = releases_here()
        except GitFault as error:
            return fail(self.stdout, options, error)
        values = {"current": current, "releases": [each.as_json() for each in releases]}
        lines = [_line(each, current) for each in releases]
        return say(self.stdout, options, values, "\n".join(lines) or "there are no releases yet")


def _line(release: Release, current: dict[str, str]) -> str:
    mark = "*" if current.get(release.environment) == release.id else " "
    what = f"back to {release.restores}" if release.restores else f"from {release.source}"
    return f"{mark} {release.id}  {release.commit[:10]}  {what}  {release.author}: {release.cause}"
