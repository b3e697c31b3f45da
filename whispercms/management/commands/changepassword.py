"""Stands in Django's command's place, which would ask no policy and tell no audit."""

from whispercms.management.commands.createsuperuser import Command as Refusal


class Command(Refusal):
    help = "Use manage.py people password."
    instead = "manage.py people password NAME"
