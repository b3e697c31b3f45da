"""`manage.py policyschema`: the schema that policies are written by, as Cedar's JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.extensions.capabilities import cedar_schema
from apps.policy.fitting import unfit
from apps.policy.rules import rules_of
from apps.policy.schema import complete


class Command(BaseCommand):
    help = "Print the Cedar schema for editors; fail when the bundled policies do not fit it."

    def handle(self, *args: Any, **options: Any) -> None:
        added = cedar_schema()
        self.stdout.write(json.dumps(complete(added), indent=2))
        if flaws := unfit(rules_of({}, added)):
            raise CommandError("; ".join(map(str, flaws)))
