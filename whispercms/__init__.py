"""The project: settings, addresses and servers. It knows every app; nothing imports it."""

import os

# What is decoded here is no other package's to see, and to look for one that asks takes long.
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"

from apps.runtime import logs as logs

VERSION = "0.1.0"
