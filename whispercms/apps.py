"""Makes the project an app, so that Django finds its commands."""

from django.apps import AppConfig

from apps.runtime.unseen import unseen

# For its own measures, which are not ours, it would load a web server.
with unseen("prometheus_client"):
    import django_q.conf  # noqa: F401


class WhisperConfig(AppConfig):
    name = "whispercms"
    label = "whispercms"

    def ready(self) -> None:
        from whispercms import checks

        checks.register_all()
