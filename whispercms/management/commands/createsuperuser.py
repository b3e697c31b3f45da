"""Stands in Django's command's place, which would ask no policy and tell no audit."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Use manage.py people add: there are no superusers."
    instead = "manage.py people add NAME"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rest", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(f"There is no such thing here. Run {self.instead}", returncode=2)
