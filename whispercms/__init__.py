"""The project: settings, addresses and servers. It knows every app; nothing imports it."""

VERSION = "0.1.0"
