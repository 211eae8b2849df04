"""What every profile shares. A profile (``run``, ``production``, ``test``) adds what differs."""

import tempfile
from pathlib import Path

from . import env
from .logging import logging
from .sign_in import *  # noqa: F403

PACKAGE = Path(__file__).resolve().parents[1]
HOME = env.folder("XIEZHI_HOME", Path.cwd() / "var", "Folder that holds the embedded database, files and keys.")

DEBUG = False
DEMO_ACCOUNTS_SIGN_IN = True
SECRET_KEY = env.text("XIEZHI_SECRET_KEY", "", "Signs sessions and tokens; 50 characters or more.", secret=True)
ALLOWED_HOSTS = env.words("XIEZHI_HOSTS", ["127.0.0.1", "localhost", "[::1]"], "Host names the site answers to.")
CSRF_TRUSTED_ORIGINS = env.words("XIEZHI_TRUSTED_ORIGINS", [], "Origins (https://…) of proxies in front.")

DATABASE_URL = env.text(
    "XIEZHI_DATABASE_URL",
    f"sqlite:///{HOME / 'xiezhi.sqlite3'}",
    "sqlite:///path or postgres://user:password@host:port/name.",
    secret=True,
)
DATABASES = {"default": env.database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BLOBS = env.text(
    "XIEZHI_BLOBS",
    f"file://{HOME / 'blobs'}",
    "Where files lie: file:///folder or s3://bucket?endpoint=…"
    " (its key: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).",
)
DEFAULT_LOG_ORIGIN = "xiezhi.example/record"
LOG_ORIGIN = env.text(
    "XIEZHI_LOG_ORIGIN", DEFAULT_LOG_ORIGIN, "Name of the sealed record's log, with the agency in it."
)
KEYS = env.folder(
    "XIEZHI_KEYS", HOME / "keys", "Folder of the record's signing key and of the keys that wrap private data."
)

# Surfaces stand before the libraries whose pages they replace (sign-in, two-factor).
INSTALLED_APPS = [
    "xiezhi.command",
    "xiezhi.console",
    "xiezhi.portal",
    "xiezhi.api",
    "xiezhi.disclosure",
    "xiezhi.inspection",
    "xiezhi.registry",
    "xiezhi.documents",
    "xiezhi.web",
    "xiezhi.search",
    "xiezhi.people",
    "xiezhi.lawbase",
    "xiezhi.notify",
    "xiezhi.record",
    "xiezhi.jobs",
    "xiezhi.blobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "django_vite",
    "ninja",
]

# CSP stands above WhiteNoise: else files that WhiteNoise serves carry no policy.
MIDDLEWARE = [
    "xiezhi.web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "xiezhi.web.middleware.SecurityHeaders",
    "xiezhi.web.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xiezhi.web.middleware.CurrentActor",
    "xiezhi.web.rates.RateLimit",
    "xiezhi.console.people.middleware.DemandAuthenticator",
    "xiezhi.web.idempotency.Idempotency",
    "xiezhi.web.middleware.DomainErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "xiezhi.command.urls"
WSGI_APPLICATION = "xiezhi.command.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xiezhi.web.context.site",
                "xiezhi.portal.context.portal",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/console/"
SESSION_COOKIE_AGE = env.number("XIEZHI_SESSION_SECONDS", 8 * 3600, "Seconds after which a sign-in ends.")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "xiezhi.web.errors.csrf_failure"
FORM_RENDERER = "xiezhi.web.forms.Renderer"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DJANGO_VITE = {
    "default": {
        "manifest_path": PACKAGE / "web" / "static" / "dist" / "manifest.json",
        "static_url_prefix": "dist",
    }
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Vite has put a hash into these names; no other storage may hash them a second time.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+-[\w-]{8}\.\w+$"

CACHES = {
    "default": env.cache(
        env.text(
            "XIEZHI_CACHE_URL",
            "",
            "Where web processes count together: redis://host:6379/0 or rediss://…; empty: a table of the database.",
            secret=True,
        )
    )
}
# Three times the upload limit of the forms; larger files go through resumable uploads.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = tempfile.gettempdir()

API_RATE = env.number("XIEZHI_API_RATE", 600, "Requests a minute of one account or key to the API; 0: no limit.")
ANONYMOUS_RATE = env.number(
    "XIEZHI_ANONYMOUS_RATE", 300, "Requests a minute of one address not signed in; 0: no limit."
)
SEARCH_RATE = env.number("XIEZHI_SEARCH_RATE", 60, "Of these, searches; 0: no limit of their own.")

EMAIL_HOST = env.text(
    "XIEZHI_SMTP_HOST", "", "Mail server; empty: mail is kept in the outbox and said to be unsent."
)
EMAIL_PORT = env.number("XIEZHI_SMTP_PORT", 25, "Its port.")
EMAIL_HOST_USER = env.text("XIEZHI_SMTP_USER", "", "Its user.")
EMAIL_HOST_PASSWORD = env.text("XIEZHI_SMTP_PASSWORD", "", "Its password.", secret=True)
EMAIL_USE_TLS = env.flag("XIEZHI_SMTP_TLS", False, "STARTTLS.")
DEFAULT_FROM_EMAIL = env.text("XIEZHI_MAIL_FROM", "xiezhi@localhost", "Sender of mail.")

SMS_PROVIDER = env.text(
    "XIEZHI_SMS_PROVIDER",
    "xiezhi.notify.sms.NotSent",
    "Dotted path of the SMS provider; the default sends nothing and says so.",
)

SITE_URL = env.text(
    "XIEZHI_SITE_URL", "http://127.0.0.1:8000", "The portal's address as citizens type it; QR codes lead there."
)
FONTS = env.text(
    "XIEZHI_FONTS", "", "Folder of Chinese fonts for documents; empty: those built in, or the system's."
)
DOCUMENT_FONT = env.text("XIEZHI_DOCUMENT_FONT", "", "Face of documents, e.g. 仿宋_GB2312; empty: Noto Serif SC.")
PRESSES = env.number("XIEZHI_PRESSES", 2, "Processes that set documents beside each worker.")
PRESS_SECONDS = env.number("XIEZHI_PRESS_SECONDS", 20, "Seconds after which a page that is not set is given up.")
SEAL_PROVIDER = env.text(
    "XIEZHI_SEAL_PROVIDER",
    "xiezhi.documents.seals.NotConfigured",
    "Dotted path of the electronic seal; the default seals nothing and says so.",
)

DISCLOSURE_DROP = env.folder(
    "XIEZHI_DISCLOSURE_DROP",
    HOME / "disclosure",
    "Folder in which publications are laid down for the superior platform, a JSON and a CSV each.",
)

METRICS_NETWORKS = env.words(
    "XIEZHI_METRICS_NETWORKS", ["127.0.0.1/32", "::1/128"], "Networks that may read /metrics directly."
)
METRICS_TOKEN = env.text("XIEZHI_METRICS_TOKEN", "", "Bearer token that may read /metrics.", secret=True)

LOGGING = logging(
    env.text("XIEZHI_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
    env.text("XIEZHI_LOG_STYLE", "json", "json, or text for a reader at a terminal."),
)

# An unbuilt front end is said on the pages; commands need none.
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]
