"""What it runs with: no middleware, a kept connection, templates compiled once.

The folder of its data is named in the environment.
"""

import os
from pathlib import Path

FOLDER = Path(os.environ["BENCH_ORDINARY"])

ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "site.sqlite3",
        "CONN_MAX_AGE": None,
    }
}
INSTALLED_APPS = ["bench.ordinary.apps.Ordinary"]
LOGGING_CONFIG = None
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.ordinary.urls"
SECRET_KEY = "not a secret: nothing is signed here"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
