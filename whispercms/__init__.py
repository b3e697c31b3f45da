"""The project: settings, addresses and servers. It knows every app; nothing imports it."""

from apps.runtime import logs as logs

VERSION = "0.1.0"
