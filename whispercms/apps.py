"""Makes the project an app, so that Django finds its commands."""

from django.apps import AppConfig


class WhisperConfig(AppConfig):
    name = "whispercms"
    label = "whispercms"

    def ready(self) -> None:
        from whispercms import checks

        checks.register_all()
