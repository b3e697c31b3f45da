"""Django's settings, made from this installation's own (`instance`)."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from apps.content.files import ContentFiles
from apps.gitsync.git.access import Access
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.signers import parse
from apps.runtime.logs import configure_logs
from whispercms import environments, instance

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = instance.load(
    os.environ, development=os.environ.get("WHISPERCMS_DEVELOPMENT", "0") in instance.TRUE
)
STATE = INSTANCE.state
STATE.mkdir(parents=True, exist_ok=True, mode=0o700)

# The site: where it comes from and where this node keeps it.

DEMO_FOLDER = None if INSTANCE.remote else Path(__file__).resolve().parent / "demo"
SITE_REMOTE = INSTANCE.remote or str(STATE / "demo.git")
SITE_KEY = hashlib.sha256(SITE_REMOTE.encode()).hexdigest()[:12]
SITE_FOLDER = STATE / "sites" / SITE_KEY
BRANCHES, ENVIRONMENT = environments.resolved(
    INSTANCE.environments, INSTANCE.environment, INSTANCE.branch
)


def _key(environment: str) -> str:
    """Of an environment's files: its branch's, whatever it is called."""
    return hashlib.sha256((BRANCHES[environment] or "").encode()).hexdigest()[:12]


SITE_SOURCE = SiteSource(
    remote=SITE_REMOTE,
    branch=BRANCHES[ENVIRONMENT],
    environment=ENVIRONMENT,
    folder=SITE_FOLDER,
    asset_bytes=INSTANCE.asset_megabytes * 1024 * 1024,
    access=Access(
        ssh_key=INSTANCE.ssh_key,
        known_hosts=INSTANCE.known_hosts,
        ssh_config=INSTANCE.ssh_config,
        https_credentials=INSTANCE.https_credentials,
        https_certificates=INSTANCE.https_certificates,
    ),
    signing=SigningKey(INSTANCE.signing_key) if INSTANCE.signing_key else None,
    require_signatures=INSTANCE.require_signatures,
    first_signers=parse((INSTANCE.first_signer or "").encode()),
)
SITE_FILES = ContentFiles(
    index=SITE_FOLDER / f"index-{_key(ENVIRONMENT)}.sqlite3",
    generation=SITE_FOLDER / f"generation-{_key(ENVIRONMENT)}",
    renderings=STATE / "renderings.sqlite3",
    assets=STATE / "assets",
)
# All environments of this site, the one above among them.
SITE_ENVIRONMENTS = {
    name: (
        replace(SITE_SOURCE, branch=branch, environment=name),
        replace(
            SITE_FILES,
            index=SITE_FOLDER / f"index-{_key(name)}.sqlite3",
            generation=SITE_FOLDER / f"generation-{_key(name)}",
        ),
    )
    for name, branch in BRANCHES.items()
}
BUNDLED_EXTENSIONS = ROOT
# Set by the process that has brought this node up to date for those that it starts.
SYNC_AT_START = os.environ.get("WHISPERCMS_SYNC_AT_START", "1") in instance.TRUE
PULL_MINUTES = INSTANCE.pull_minutes
BACKUP_FOLDER, BACKUP_KEEP = INSTANCE.backup_folder, INSTANCE.backup_keep
SANDBOX_REQUIRED = INSTANCE.sandbox == instance.REQUIRED

# Django

SECRET_KEY = INSTANCE.secret_key
DEBUG = INSTANCE.development
ALLOWED_HOSTS = list(INSTANCE.hosts)
ROOT_URLCONF = "whispercms.urls"
ASGI_APPLICATION = "whispercms.asgi.application"
WSGI_APPLICATION = "whispercms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

INSTALLED_APPS = [
    "whispercms",
    "apps.content",
    "apps.policy",
    "apps.extensions",
    "apps.gitsync",
    "django_q",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if INSTANCE.console:
    INSTALLED_APPS = [
        "daphne",
        "channels",
        "whitenoise.runserver_nostatic",
        *INSTALLED_APPS,
        "apps.console",
        "django_structlog",
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ]
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django_structlog.middlewares.RequestMiddleware",
    ]
elif INSTANCE.development:
    INSTALLED_APPS = ["daphne", *INSTALLED_APPS]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# `default` holds what must not be lost, `queue` this node's tasks, `index` the served commit.

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
DATABASES = {
    "default": {**SQLITE, "NAME": STATE / "default.sqlite3"},
    "queue": {**SQLITE, "NAME": STATE / "queue.sqlite3"},
    "index": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{SITE_FILES.index.as_uri()}?mode=ro",
        "OPTIONS": {"uri": True, "timeout": 5},
    },
}
DATABASE_ROUTERS = ["whispercms.databases.Router"]

Q_CLUSTER = {
    "name": "whispercms",
    "label": "Tasks",
    "orm": "queue",
    "workers": 1,
    "timeout": 600,
    "retry": 900,
    "max_attempts": 2,
    "ack_failures": True,
    "catch_up": False,
    "poll": 1,
    "save_limit": 100,
}

# The console: sessions, passwords, static files

CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
SESSION_COOKIE_AGE = 12 * 60 * 60

SECURE_SSL_REDIRECT = INSTANCE.https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if INSTANCE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = INSTANCE.https
SECURE_HSTS_PRELOAD = INSTANCE.https
SESSION_COOKIE_SECURE = INSTANCE.https
CSRF_COOKIE_SECURE = INSTANCE.https
X_FRAME_OPTIONS = "DENY"

# Logs

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING_CONFIG = None
configure_logs(readable=INSTANCE.development)
