"""Django's settings, made from this installation's own (`instance`)."""

import hashlib
import os
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from apps.console.bounds import PASSWORD_LEAST, SESSION_SECONDS
from apps.content.files import ContentFiles
from apps.gitsync.git.access import Access
from apps.gitsync.git.signing import CommitKey, SealedKey, SigningKey
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.signers import parse
from apps.policy.secrets.references import Reference
from apps.policy.secrets.secret import Secret
from apps.runtime.logs import configure_logs
from whispercms import environments, instance, referenced

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


def _signing(named: Path | Reference | None) -> CommitKey | None:
    """A secret of the site is read when there is something to sign, and then once."""
    if isinstance(named, Path):
        return SigningKey(named)
    return SealedKey(cache(partial(_signing_secret, named.name))) if named else None


def _signing_secret(name: str) -> Secret:
    from whispercms.site_secrets import SiteSecrets

    return SiteSecrets(SITE_SOURCE, AGE_KEY).signing_key(name)


SITE_SOURCE = SiteSource(
    remote=SITE_REMOTE,
    branch=BRANCHES[ENVIRONMENT],
    environment=ENVIRONMENT,
    folder=SITE_FOLDER,
    asset_bytes=INSTANCE.asset_megabytes * 1024 * 1024,
    access=Access(
        ssh_key=INSTANCE.ssh_key,
        ssh_passphrase=Secret(phrase) if (phrase := INSTANCE.ssh_key_passphrase) else None,
        known_hosts=INSTANCE.known_hosts,
        ssh_config=INSTANCE.ssh_config,
        https_credentials=INSTANCE.https_credentials,
        https_certificates=INSTANCE.https_certificates,
    ),
    signing=_signing(INSTANCE.signing_key),
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
# Folders of extensions that are being worked on; `serve --develop` names them to its programs.
DEVELOP = tuple(map(Path, filter(None, os.environ.get("WHISPERCMS_DEVELOP", "").split(os.pathsep))))
if DEVELOP and not INSTANCE.development:
    raise instance.SettingsError(
        "WHISPERCMS_DEVELOP",
        "puts files of no commit on the site, which is for development alone",
        "Unset it, or set WHISPERCMS_DEVELOPMENT=1",
    )
# Set by the process that has brought this node up to date for those that it starts.
SYNC_AT_START = os.environ.get("WHISPERCMS_SYNC_AT_START", "1") in instance.TRUE
PULL_MINUTES = INSTANCE.pull_minutes
AGE_KEY = INSTANCE.age_key or STATE / referenced.AGE_KEY
LOCAL_SECRETS = INSTANCE.local_secrets or STATE / referenced.LOCAL_SECRETS
BACKUP_FOLDER, BACKUP_KEEP = INSTANCE.backup_folder, INSTANCE.backup_keep
SANDBOX_REQUIRED = INSTANCE.sandbox == instance.REQUIRED
# In development an extension may run before its bytes are pinned; nowhere else.
PINS_REQUIRED = not INSTANCE.development

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
    "apps.runtime.outbox",
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
        "apps.console.apps.ConsoleConfig",
        "django_structlog",
        "apps.console.apps.ConsoleAdminConfig",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ]
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "apps.console.csp.ContentSecurityPolicy",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "apps.console.sessions.SessionBounds",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "apps.console.request_log.RequestLog",
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
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LEAST},
    },
    {"NAME": "apps.console.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["apps.console.backend.PolicyBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
SESSION_COOKIE_AGE = SESSION_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# The site is of the same origin: its pages are not sent these cookies.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = INSTANCE.https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if INSTANCE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = INSTANCE.https
SECURE_HSTS_PRELOAD = INSTANCE.https
SESSION_COOKIE_SECURE = INSTANCE.https
CSRF_COOKIE_SECURE = INSTANCE.https
if INSTANCE.console:
    CSRF_FAILURE_VIEW = "apps.console.refusals.csrf_failed"
X_FRAME_OPTIONS = "DENY"

# Logs

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING_CONFIG = None
configure_logs(readable=INSTANCE.development)
