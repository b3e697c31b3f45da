#!/usr/bin/env python
"""Command line of WhisperCMS: `python manage.py COMMAND`."""

import gc
import os
import sys

if sys.argv[1:2] == ["serve"]:
    # What it loads stays; to look through that for garbage meanwhile takes a sixth of its start.
    gc.disable()

from whispercms.instance import SettingsError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whispercms.settings")
    if sys.argv[1:2] == ["runserver"]:
        os.environ.setdefault("WHISPERCMS_DEVELOPMENT", "1")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except SettingsError as error:
        sys.stderr.write(f"whispercms: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
