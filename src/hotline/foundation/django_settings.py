"""Django's settings, derived from the typed settings of the installation. Nothing here is read from anywhere else."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from hotline.foundation.databases import database_configuration
from hotline.kernel.settings import load_settings

HOTLINE = load_settings()

# --- applications: domains in the order in which they may refer to each other (DESIGN §4) ---------------------------
DOMAIN_ORDER = (
    *("enterprise", "catalogue", "people", "staff_messages", "customers", "routing", "channels"),
    *("conversations", "contacts", "tickets", "workforce"),
)
_DOMAINS_DIR = Path(__file__).resolve().parent.parent / "domains"
DOMAIN_APPS = [f"hotline.domains.{name}" for name in DOMAIN_ORDER if (_DOMAINS_DIR / name / "apps.py").is_file()]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "axes",
    "csp",
    "hotline.foundation",
    *DOMAIN_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "hotline.foundation.static.FrontEndMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hotline.foundation.language.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "hotline.foundation.urls"
WSGI_APPLICATION = "hotline.foundation.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# --- database ------------------------------------------------------------------------------------------------------
DATABASES = {"default": database_configuration(HOTLINE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- log-in and sessions -------------------------------------------------------------------------------------------
SECRET_KEY = HOTLINE.secret("django").hex()
AUTH_USER_MODEL = "foundation.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses locked-out tries before the password is looked at
    "allauth.account.auth_backends.AuthenticationBackend",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = HOTLINE.session_hours * 3600
SESSION_COOKIE_NAME = "hotline_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = not HOTLINE.is_debug
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "hotline_csrf"
CSRF_COOKIE_SECURE = not HOTLINE.is_debug
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hotline.foundation.pages.csrf_failed"

ACCOUNT_ADAPTER = "hotline.foundation.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
# Axes counts failures per user name and address in the database, for all workers at once; allauth's own counter lives
# in each worker's memory and only slows floods down.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": "60/m/ip", "reauthenticate": "10/m/user"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS: dict[str, str] = {}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "hotline.foundation.login.MfaAdapter"
MFA_TOTP_ISSUER = "Hotline"
MFA_TOTP_TOLERANCE = 1

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "hotline.foundation.login.locked_out"
AXES_CLIENT_IP_CALLABLE = "hotline.foundation.client_address.client_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# --- transport -----------------------------------------------------------------------------------------------------
_FRONT_ORIGINS = {HOTLINE.front_host, HOTLINE.public_host, "localhost", "127.0.0.1"} - {"", "0.0.0.0"}  # noqa: S104
ALLOWED_HOSTS = sorted({*HOTLINE.allowed_hosts, *_FRONT_ORIGINS})
CSRF_TRUSTED_ORIGINS = sorted(f"https://{host}:{HOTLINE.front_port}" for host in ALLOWED_HOSTS if host != "*")
# The front door (nginx on this machine) ends TLS; web listens on localhost only, so that nobody else can set these.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0  # set by the front door, which knows whether the certificate is a lasting one
X_FRAME_OPTIONS = "DENY"
APPEND_SLASH = False
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Ant Design writes its styles into the page; scripts stay strict.
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF, "wss:"] if not HOTLINE.is_debug else [SELF, "wss:", "ws:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FRONT_END_DIR = Path(__file__).resolve().parent.parent / "frontend_build"

DEBUG = HOTLINE.is_debug
LOGGING_CONFIG = None  # entrypoints configure structlog; a second configuration here would undo it
