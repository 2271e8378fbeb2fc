"""Settings: every switch is an environment variable (docs/operations.md lists them).

Three modes. `demo` is what `make run` starts: SQLite, a secret key kept in the data directory,
demonstration accounts. `production` (the default) refuses to start with anything unsafe.
`test` is what pytest uses.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from habitat_portal import logs, signing_in
from habitat_portal.api import *  # noqa: F403
from habitat_portal.retention import *  # noqa: F403
from habitat_portal.safety import Mode, demo_secret_key, mode_of, refuse_unsafe_settings
from habitat_portal.signing_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

refuse_unsafe_settings(env.ENVIRON)
PORTAL_MODE = mode_of({"PORTAL_MODE": env.str("PORTAL_MODE", default="production")})
IS_DEMO = PORTAL_MODE is Mode.DEMO
PORTAL_DATA_DIR = Path(env.str("PORTAL_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PORTAL_DATA_DIR.mkdir(parents=True, exist_ok=True)
# The ledger that new entries go to, and that pages open with.
PORTAL_BOOKS = env.str("PORTAL_BOOKS", default="DEMO" if IS_DEMO else "UNH")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and PORTAL_MODE is not Mode.PRODUCTION:
    SECRET_KEY = demo_secret_key(PORTAL_DATA_DIR)
# Keys of before, newest first: what they signed and encrypted is still read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE = env.bool("PORTAL_SECURE", default=PORTAL_MODE is Mode.PRODUCTION)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    *signing_in.APPS,
    "interface",
    "jobs",
    "accounts",
    "donors",
    "income",
    "targets",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "interface.middleware.RequestIdMiddleware",
    "interface.api.compression.CompressApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "interface.request_log.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "interface.middleware.BrowserPolicyMiddleware",
    "interface.middleware.RefuseMethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.language.AddressLanguageMiddleware",
    # Before what refuses a request with a page: the form that changes the language is on it.
    "django.middleware.csrf.CsrfViewMiddleware",
    "interface.middleware.RefuseTooLargeMiddleware",
    "interface.middleware.RefuseNulMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.SessionLimitsMiddleware",
    "accounts.language.AccountLanguageMiddleware",
    "accounts.factor_gate.SecondFactorMiddleware",
    "accounts.throttles.RateMiddleware",
    "accounts.audit.coverage.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

if env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default=""):
    MIDDLEWARE.insert(0, "habitat_portal.telemetry.TraceMiddleware")

ROOT_URLCONF = "habitat_portal.urls"
WSGI_APPLICATION = "habitat_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.sessions.notice",
                "reports.context.portal",
            ],
            "builtins": ["interface.templatetags.interface"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader"],
        },
    }
]

FORM_RENDERER = "interface.form_renderer.QuickRenderer"

# The path goes in as it is, not through an address: a `#` or a space in it would be cut off.
DATABASES = {
    "default": env.db_url("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(PORTAL_DATA_DIR / "portal.sqlite3"),
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # recursive_triggers: without it INSERT OR REPLACE would slip by the triggers that keep
    # the ledger append-only. IMMEDIATE: a writer waits for its turn instead of failing late.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    KEPT_IN = {"BACKEND": "interface.shared_cache.SharedCache", "LOCATION": REDIS_URL}
else:
    KEPT_IN = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
# Pages, compressed, apart from what counts and waits: they may push out one another, nothing else.
CACHES = {
    "default": KEPT_IN,
    "pages": {**KEPT_IN, "KEY_PREFIX": "page", "TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 400}},
}
if not REDIS_URL:
    CACHES["pages"]["LOCATION"] = "pages"

# Celery only wakes workers; the Job row is the queue. Empty: a thread of this process runs jobs.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its lines are written as those of the web are
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
ROUNDS = ("jobs.run_due", "jobs.send_mail")
CELERY_BEAT_SCHEDULE = {name: {"task": name, "schedule": 60.0} for name in ROUNDS}

# Where the UN treasury's feed of operational rates is; empty: nothing is ever fetched.
RATES_FEED_URL = env.str("RATES_FEED_URL", default="")
if RATES_FEED_URL:
    CELERY_BEAT_SCHEDULE["fetch rates"] = {"task": "income.fetch_rates", "schedule": 6 * 3600.0}

# Without an act for this long one is signed out, after a warning (accounts/sessions.py): ten
# minutes are the least. At the longest a day: WCAG 2.2.1 wants more than 20 hours for what cannot
# be extended, NIST SP 800-63B no more than 24.
SESSION_COOKIE_AGE = 60 * max(10, env.int("SESSION_IDLE_MINUTES", default=60))
SESSION_LONGEST_SECONDS = 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SOCIALACCOUNT_PROVIDERS = signing_in.providers(env)
OIDC_ROLE_CLAIM, OIDC_ROLES = env.str("OIDC_ROLE_CLAIM", default=""), signing_in.roles(env)
# A proxy ends TLS: the last address that it adds to X-Forwarded-For is the visitor's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The hash is that of the empty string: Plotly's own style element starts empty and is filled
# through the style sheet's object model, which the policy does not govern.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh-hans", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Nairobi"  # the seat of UN-Habitat; a day in the books is a day there

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "interface.staticfiles.PlotlyFinder",
]
STATIC_ROOT = PORTAL_DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = PORTAL_MODE is not Mode.PRODUCTION
# Which documents of its file a donor's representatives may open (docs/decisions/0027).
DONOR_DOCUMENTS = frozenset(
    env.list("DONOR_DOCUMENTS", default=["agreement", "amendment", "note", "letter", "report"])
)
# Sealed reports: a folder of their own that no web server knows, or an S3-compatible store.
REPORTS_BUCKET = env.str("REPORTS_BUCKET", default="")
STORAGES = {
    "default": {"BACKEND": "interface.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "reports": {
        "BACKEND": "interface.storage.WholeFiles",
        "OPTIONS": {"location": PORTAL_DATA_DIR / "reports", "base_url": None},
    },
}
if REPORTS_BUCKET:
    STORAGES["reports"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": REPORTS_BUCKET, "file_overwrite": False, "default_acl": None,
            "endpoint_url": env.str("REPORTS_ENDPOINT", default="") or None,
        },
    }  # fmt: skip
if PORTAL_MODE is Mode.PRODUCTION:
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
elif IS_DEMO:  # what make run has not collected is found where it lies
    STORAGES["staticfiles"] = {"BACKEND": "interface.staticfiles.CollectedFiles"}
    WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = PORTAL_DATA_DIR / "files"
# The key and certificate that reports are signed with (PKCS#12), and its passphrase. Without one
# only a demonstration signs, with a certificate it makes itself.
SIGNING_KEY_FILE = env.str("SIGNING_KEY_FILE", default="")
SIGNING_KEY_PASSPHRASE = env.str("SIGNING_KEY_PASSPHRASE", default="")
# An uploaded file (above 2.5 MB it goes to the disk, never into memory), and all texts of a form
# together, of which a block pasted from a spreadsheet is the largest.
MOST_BYTES_OF_A_FILE = 50 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 << 20

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 60  # seconds for each answer of the mail server; see jobs/sending.py
DEFAULT_FROM_EMAIL = env.str("PORTAL_SENDER", default="habitat-portal@localhost")
# Where people open the portal: the links in e-mail begin with it. Production has no default.
PORTAL_ADDRESS = env.str(
    "PORTAL_ADDRESS",
    default=""
    if PORTAL_MODE is Mode.PRODUCTION
    else f"http://127.0.0.1:{env.str('PORT', default='8000')}",
)

# What /metrics asks for as a bearer token; empty: there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="").strip()

# The most requests to the API in a minute: of an account, and of an address nobody signed in at.
API_READS_PER_MINUTE = env.int("API_READS_PER_MINUTE", default=120)
API_WRITES_PER_MINUTE = env.int("API_WRITES_PER_MINUTE", default=20)
API_SIGNED_OUT_PER_MINUTE = env.int("API_SIGNED_OUT_PER_MINUTE", default=30)

API_STATE = "reports.api_state.state_of_everything"  # what tags of answers stand for

LOGGING = logs.configuration(is_production=PORTAL_MODE is Mode.PRODUCTION)
