"""`manage.py policyschema`: the schema that policies are written by, as Cedar's JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.extensions.capabilities import cedar_schema
from apps.policy import rules
from apps.policy.schema import complete


class Command(BaseCommand):
    help = "Print the Cedar schema for editors; fail when this node's policies do not fit it."

    def handle(self, *args: Any, **options: Any) -> None:
        schema = complete(cedar_schema())
        self.stdout.write(json.dumps(schema, indent=2))
        if mistakes := rules.mistakes(schema):
            raise CommandError("; ".join(mistakes))
