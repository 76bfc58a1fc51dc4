"""One settings module, driven by the environment. `.env.example` explains every key."""

import os
from pathlib import Path

import environ
import pghistory
from django.core.exceptions import ImproperlyConfigured

from config.desk import DESK
from config.log_lines import lines
from config.openapi import OPENAPI
from config.timetable import SIMULATOR, TIMETABLE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if os.environ.get("PEMA_ENV") != "test":  # tests mean the same on every machine
    environ.Env.read_env(BASE_DIR / ".env")  # what the environment says already wins
env.ENVIRON = {key: value for key, value in os.environ.items() if value.strip()}  # a blank value is not given

# --- where we are ---------------------------------------------------------------------------------------------------
PEMA_ENV = env("PEMA_ENV", default="development")
if PEMA_ENV not in ("development", "test", "demo", "production"):
    raise ImproperlyConfigured("PEMA_ENV is development, test, demo or production.")
PRODUCTION = PEMA_ENV == "production"
SANDBOX = not PRODUCTION


def secret(key: str, sandbox: str) -> str:
    """A secret of the environment; outside production a well-known value will do."""
    return env(key) if PRODUCTION else env(key, default=sandbox)


DEBUG = False
SECRET_KEY = secret("SECRET_KEY", "sandbox-only-secret-key-that-production-never-accepts-000000")
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- the house: layers from low to high; config/tests/test_layers.py keeps them --------------------------------------
LAYERS = (
    ("core",),
    ("accounts",),
    ("audit",),
    ("rooms",),
    ("programs",),
    ("notifications", "payments", "pms"),
    ("bookings", "content"),
    ("medical",),
    ("backoffice",),
)
SANDBOX_GATEWAY = env.bool("SANDBOX_GATEWAY", default=PEMA_ENV in ("demo", "test"))

GOOGLE_CLIENT_IDS = env.list("GOOGLE_CLIENT_IDS", default=[])  # the first one is the web site's
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET", default="")
GOOGLE_SIGN_IN = bool(GOOGLE_CLIENT_IDS and GOOGLE_CLIENT_SECRET)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the site is ours: backoffice.sites
    "unfold.contrib.filters",
    "backoffice.admin_config.BackofficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    *(["allauth.socialaccount.providers.google"] if GOOGLE_SIGN_IN else []),
    "rest_framework",
    "django_filters",
    "drf_standardized_errors",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    *(app for layer in LAYERS for app in layer),
    *(["payments.simulator", "notifications.sandbox_crm"] if SANDBOX_GATEWAY else []),
]

MIDDLEWARE = [
    "core.middleware.ForwardedHeadersMiddleware",
    "core.middleware.RequestIdMiddleware",
    "core.trail.TrailMiddleware",
    "core.middleware.RefuseNulMiddleware",
    "core.middleware.ApiClockMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionEpochMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rooms.context.property_of_the_site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.ui"],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://pema@127.0.0.1:5432/pema")}
if not DATABASES["default"]["ENGINE"].endswith("postgresql"):
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
DATABASE_POOL_MAX = env.int("DATABASE_POOL_MAX", default=0)
options = DATABASES["default"].setdefault("OPTIONS", {})
options["options"] = "-c timezone=UTC -c pg_trgm.word_similarity_threshold=0.45"  # core.plain_text.NEAR
options["application_name"] = "pema"
if DATABASE_POOL_MAX:
    options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_MAX, "timeout": 5}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if PEMA_ENV == "test" else 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)  # events are read by object and by time

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {  # counters of sign-in only: in PostgreSQL, so that they stay when Valkey does not (docs/adr/0010)
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 9}
if env.bool("BREACHED_PASSWORDS", default=PRODUCTION):  # five signs of a digest go out, no more
    AUTH_PASSWORD_VALIDATORS[2] = {
        "NAME": "pwned_passwords_django.validators.PwnedPasswordsValidator",  # without an answer: the common ones
        "OPTIONS": {"error_message": "This password stands in lists of stolen passwords. Please choose another one."},
    }
PWNED_PASSWORDS = {"API_TIMEOUT": 1.0, "ADD_PADDING": True}  # seconds
if PEMA_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 3600  # the link works once, for an hour
STAFF_MFA_REQUIRED = not env.bool("DEMO_STAFF_WITHOUT_MFA", default=SANDBOX)  # pema.E004 refuses it in production
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "bookings:stays"
LOGOUT_REDIRECT_URL = "bookings:home"
JWT_SIGNING_KEY = secret("JWT_SIGNING_KEY", "sandbox-only-jwt-signing-key-" + 36 * "0")
JWT_PREVIOUS_KEYS = env.list("JWT_PREVIOUS_KEYS", default=[])  # sign nothing any more, still open what they signed
GOOGLE_KEYS_URL = env("GOOGLE_KEYS_URL", default="https://www.googleapis.com/oauth2/v3/certs")
SMS_COUNTRIES = env.list("SMS_COUNTRIES", default=["IN"])  # where one-time codes go by text message
SMS_CODES_A_DAY = env.int("SMS_CODES_A_DAY", default=500)
ACCESS_TOKEN_MINUTES = 30
REFRESH_TOKEN_DAYS = 7

# --- sign-in on the web (django-allauth behind our own pages) --------------------------------------------------------
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # our own step does it: accounts.web.asked.ProveAddressStage
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {  # coarse, per address; per account our own count (accounts.domain.limits)
    "login": "60/m/ip",
    "reauthenticate": "20/m/user",
    "change_password": "10/m/user",
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.web.factor_forms.AuthenticateForm",
    "reauthenticate": "accounts.web.factor_forms.ReauthenticateForm",
    "activate_totp": "accounts.web.factor_forms.ActivateForm",
    "add_webauthn": "accounts.web.factor_forms.AddPasskeyForm",
    "login_webauthn": "accounts.web.factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.web.factor_forms.PasskeyAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pema Wellness"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SANDBOX  # a demo runs on plain HTTP
USERSESSIONS_TRACK_ACTIVITY = False  # a write for every page; the sign-in is enough
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "APPS": [{"client_id": GOOGLE_CLIENT_IDS[0], "secret": GOOGLE_CLIENT_SECRET}] if GOOGLE_SIGN_IN else [],
        "SCOPE": ["openid", "email", "profile"],
        "OAUTH_PKCE_ENABLED": True,
    }
}

# --- language, time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("hi", "हिन्दी")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PEMA_ENV in ("test", "development")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = PEMA_ENV in ("test", "development")
WHITENOISE_AUTOREFRESH = PEMA_ENV == "development"

# --- mail -----------------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default="consolemail://" if SANDBOX else environ.Env.NOTSET))
if PEMA_ENV == "demo" and not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "notifications.backends.MailboxBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Pema Wellness <stay@pema.example>")
EMAIL_TIMEOUT = 10
MAILBOX_DIR = env("MAILBOX_DIR", default=str(BASE_DIR / "var" / "mailbox"))

# --- messages to phones: without keys off in production, a mailbox elsewhere ----------------------------------------
MSG91_AUTH_KEY = env("MSG91_AUTH_KEY", default="")
MSG91_TEMPLATES = env.dict("MSG91_TEMPLATES", default={})
MSG91_URL = env("MSG91_URL", default="https://control.msg91.com/api/v5/flow")
WHATSAPP_TOKEN = env("WHATSAPP_TOKEN", default="")
WHATSAPP_SENDER_ID = env("WHATSAPP_SENDER_ID", default="")
WHATSAPP_URL = env("WHATSAPP_URL", default="https://graph.facebook.com/v23.0").rstrip("/")
FCM_SERVICE_ACCOUNT = env.json("FCM_SERVICE_ACCOUNT", default={})
FCM_URL = env("FCM_URL", default="https://fcm.googleapis.com").rstrip("/")
KEYS_OF = {"sms": MSG91_AUTH_KEY, "whatsapp": WHATSAPP_TOKEN, "push": FCM_SERVICE_ACCOUNT}
CHANNELS_ON = frozenset(name for name, key in KEYS_OF.items() if key or SANDBOX)
SMS_IS_ON = "sms" in CHANNELS_ON

# --- addresses that somebody typed in (core.outside) ----------------------------------------------------------------
OUTSIDE_ALLOWED = env.list(
    "OUTSIDE_ALLOWED", default=[SITE_URL.partition("://")[2].partition("/")[0]] if SANDBOX_GATEWAY else []
)

# --- money ----------------------------------------------------------------------------------------------------------
PAYU_MERCHANT_KEY = env("PAYU_MERCHANT_KEY", default="" if PRODUCTION else "PemaSandboxKey")
PAYU_MERCHANT_SALT = env("PAYU_MERCHANT_SALT", default="" if PRODUCTION else "sandbox-salt-of-thirty-two-chars")
PAYU_SALT_256 = env("PAYU_SALT_256", default="")
PAYU_PREVIOUS_SALTS = env.list("PAYU_PREVIOUS_SALTS", default=[])
PAYU_SPLIT_INFO_HASHED = env.bool("PAYU_SPLIT_INFO_HASHED", default=False)
PAYU_PAYMENT_URL = env(
    "PAYU_PAYMENT_URL",
    default=f"{SITE_URL}/sandbox/payu/_payment" if SANDBOX else "https://secure.payu.in/_payment",
)
PAYU_COMMAND_URL = env(
    "PAYU_COMMAND_URL",
    default=f"{SITE_URL}/sandbox/payu/merchant/postservice.php?form=2"
    if SANDBOX
    else "https://info.payu.in/merchant/postservice.php?form=2",
)
PAYU_CONNECT_SECONDS = env.float("PAYU_CONNECT_SECONDS", default=5)
PAYU_READ_SECONDS = env.float("PAYU_READ_SECONDS", default=30)
PAYU_SIM_WEBHOOK_URL = env("PAYU_SIM_WEBHOOK_URL", default=f"{SITE_URL}/api/v1/payments/webhook")
PAYU_SIM_REFUND_SECONDS = env.float("PAYU_SIM_REFUND_SECONDS", default=5)
PAYU_SIM_PENDING_SECONDS = env.float("PAYU_SIM_PENDING_SECONDS", default=20)

# --- medicine -------------------------------------------------------------------------------------------------------
FIELD_KEYS = env.list(
    "FIELD_KEYS", default=[] if PRODUCTION else ["sandbox:cGVtYS1zYW5kYm94LWtleS1vZi0zMi1ieXRlcy0wMDA="]
)

# --- privacy desk ---------------------------------------------------------------------------------------------------
TOMBSTONE_KEY = env("TOMBSTONE_KEY", default="" if PRODUCTION else SECRET_KEY)  # pema.E007; never change it
PRIVACY_TOMBSTONES = env("PRIVACY_TOMBSTONES", default=str(BASE_DIR / "var" / "tombstones.jsonl"))
PRIVACY_FRESH_MINUTES = 15  # how long after signing in a copy of one's data may be fetched

# --- background work ------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "global_keyprefix": "pema:",
    # Without these a bell waits two seconds for a broker that is away, once per row, in the guest's request.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Kolkata"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BEAT_SCHEDULE = TIMETABLE | (SIMULATOR if SANDBOX_GATEWAY else {})

# --- API ------------------------------------------------------------------------------------------------------------
RATE_LIMIT_TOKEN = env("RATE_LIMIT_TOKEN", default="300/min")
ROLES_HOLDING = "backoffice.roles.holding"  # which roles hold a permission: the schema prints them
API_EXAMPLES = BASE_DIR / "config" / "api_examples.json"
API_REFUSALS = BASE_DIR / "config" / "api_refusals.json"
RATE_LIMIT_ANON = env("RATE_LIMIT_ANON", default="60/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.AccessTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttles.PoliteThrottle"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.PemaSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%SZ",
}
DRF_STANDARDIZED_ERRORS = {
    "ALLOWED_ERROR_STATUS_CODES": ["400", "401", "403", "404", "405", "409", "422", "429", "503"]
}
SPECTACULAR_SETTINGS = OPENAPI

# --- web hardening --------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- logs: never bodies, never answers -------------------------------------------------------------------------------
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = lines(LOG_LEVEL)

UNFOLD = DESK
