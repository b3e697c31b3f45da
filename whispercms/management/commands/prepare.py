"""`manage.py prepare`: brings databases, clone and index of this node up to date, and ends."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.runtime.boot import BootError


class Command(BaseCommand):
    help = "Bring this node's databases, clone and index up to date; serve does the same first."

    def handle(self, *args: Any, **options: Any) -> None:
        from whispercms.boot import bring_up_to_date

        try:
            bring_up_to_date().stop()
        except BootError as error:
            sys.exit(f"whispercms: {error}")
