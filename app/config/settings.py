"""Every setting of the service, in the order of a request: edge, HTTP, stores, accounts, API, logs.

All values that differ between installations come from the environment (`.env.example` lists them).
"""

from pathlib import Path

from app.accounts.breached import refuse_other_files
from app.config.env import Environment, is_loopback, is_private

BASE_DIR = Path(__file__).resolve().parents[2]
env = Environment()

# --- the edge -----------------------------------------------------------------------------------
PROFILE = env.choice("PROFILE", ("http-local", "tls"))
PUBLIC_ADDRESS = env.address("PUBLIC_URL")
PUBLIC_URL = PUBLIC_ADDRESS.geturl()
IS_TLS = PROFILE == "tls"
HOST = PUBLIC_ADDRESS.hostname or ""
env.forbid(
    "PROFILE",
    when=not IS_TLS and not is_private(HOST),
    because="is http-local, which sends cookies in the clear, but PUBLIC_URL is a public address: use tls",
)
env.forbid(
    "PUBLIC_URL",
    when=IS_TLS and PUBLIC_ADDRESS.scheme != "https",
    because="must start with https:// in the profile tls",
)

# nginx reads them too; here they are free of the limits that count a client's network.
RATE_LIMIT_EXEMPT = env.client_addresses("RATE_LIMIT_EXEMPT")

# A person on the machine itself types either name; both mean the same server.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if is_loopback(HOST) else [f"[{HOST}]" if ":" in HOST else HOST]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# nginx alone sends the security headers, so that each stands exactly once on every answer.
SECURE_CONTENT_TYPE_NOSNIFF = False
SECURE_REFERRER_POLICY = None
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options: nginx
    "security.W004",  # Strict-Transport-Security: nginx
    "security.W006",  # X-Content-Type-Options: nginx
    "security.W008",  # the redirect to https: nginx
    "security.W022",  # Referrer-Policy: nginx
    "admin.E409",  # MessageMiddleware: the pages of /admin/ alone have messages (app/config/admin.py)
]

# --- HTTP -----------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY", length=50)
DEBUG = False
ROOT_URLCONF = "app.config.urls"
WSGI_APPLICATION = "app.config.wsgi.application"
APPEND_SLASH = False  # a redirect would lose the body of a POST; the 404 says what is wrong
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "app.common",
    "app.accounts",
    "app.lists",
    "app.todos",
    "app.attachments",
    "app.exchange",
    "app.trash",
    "app.config.apps.OperatorsConfig",  # behind ours, whose templates take the place of its own
]

MIDDLEWARE = [
    "app.common.middleware.OptimizedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "app.accounts.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
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
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a visitor has no session

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
MEDIA_URL = "/media/"
MEDIA_ROOT = env.folder("MEDIA_ROOT", BASE_DIR / "media")
ATTACHMENTS_QUOTA = env.number("ATTACHMENTS_QUOTA_MIB", 1, 1024**2, default=1024) * 1024**2  # bytes of one user
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# --- stores ---------------------------------------------------------------------------------------
database = env.database("DATABASE_URL", password=env.text("DATABASE_PASSWORD", ""))
# What `manage.py prepare_database` gives to the role that the application connects as.
APP_DATABASE_PASSWORD = env.text("APP_DATABASE_PASSWORD", "")
MONITOR_PASSWORD = env.text("MONITOR_PASSWORD", "")  # and to the role that only counts
DATABASES = {
    "default": {
        **database,
        "ENGINE": "app.common.postgresql",
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "sslmode": "prefer",
            "connect_timeout": 10,
            "tcp_user_timeout": 5000,
            "application_name": "doable",
            **database.get("OPTIONS", {}),  # such as ?sslmode=verify-full
            "options": "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s "
            # Statements of a request are short: compiling one, or starting workers for it, takes longer than it does.
            "-c jit=off -c max_parallel_workers_per_gather=0 "
            # What an application that was killed has asked for ends soon, and with it the locks it holds.
            "-c client_connection_check_interval=1s "
            # After these seconds PostgreSQL takes a machine that has gone silent for lost, and frees its locks.
            "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25s",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis("REDIS_URL", password=env.text("REDIS_PASSWORD", ""))

# --- accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
REGISTRATION = env.choice("REGISTRATION", ("open", "verified", "closed"), default="open")
# What is called with every new account, in the transaction that makes it.
NEW_ACCOUNT_STEPS = ["app.lists.services.create_inbox"]
AUTHENTICATION_BACKENDS = ["app.accounts.backends.VerifiedAddressBackend"]
PASSWORD_HASHERS = ["app.accounts.hashers.Argon2"]
COMMON_PASSWORDS = BASE_DIR / "app" / "accounts" / "common_passwords.txt.gz"
PASSWORD_MIN_LENGTH = env.number("PASSWORD_MIN_LENGTH", 12, 64, default=12)
BREACHED_PASSWORDS_FILE = env.file("BREACHED_PASSWORDS_FILE", refuse_other_files)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        ("app.accounts.validators.MinimumLengthValidator", {"min_length": PASSWORD_MIN_LENGTH}),
        (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            {"user_attributes": ("email", "name")},
        ),
        ("django.contrib.auth.password_validation.CommonPasswordValidator", {"password_list_path": COMMON_PASSWORDS}),
        ("app.accounts.validators.BreachedPasswordValidator", {"path": BREACHED_PASSWORDS_FILE}),
    )
]

SESSION_ENGINE = "app.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_TLS else "sessionid"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # seconds from login, whatever happens
SESSION_IDLE_AGE = 14 * 24 * 3600  # seconds since the last request
SESSION_IP_VALIDATION = env.choice("SESSION_IP_VALIDATION", ("off", "log", "adaptive", "strict"), default="adaptive")
SESSION_IP_DUAL_STACK = env.choice("SESSION_IP_DUAL_STACK", ("0", "1"), default="0") == "1"
SESSION_COOKIE_SECURE = IS_TLS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_TLS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = IS_TLS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "app.common.errors.csrf_failure"
if not IS_TLS:
    # A Secure cookie is never sent over plain http, and this profile is for a loopback or private address only.
    SILENCED_SYSTEM_CHECKS += ["security.W011", "security.W016"]

EMAIL_TIMEOUT = 10  # seconds
vars().update(env.mail("EMAIL_URL", default=f"filemail:///{BASE_DIR / 'data' / 'mail'}"))
MAIL_FOLDER = vars().get("EMAIL_FILE_PATH", "")  # where no mail server is set
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", default=f"Doable <doable@{f'[IPv6:{HOST}]' if ':' in HOST else HOST}>")

# --- periodic jobs --------------------------------------------------------------------------------
# What `manage.py run_jobs` calls, and the seconds between two runs.
PERIODIC_JOBS = {
    "app.accounts.jobs.send_due_mail": 1,
    "app.accounts.jobs.purge_sessions": 3600,
    "app.accounts.jobs.purge_links": 3600,
    "app.accounts.jobs.purge_api_tokens": 24 * 3600,
    "app.accounts.jobs.purge_sign_ups": 24 * 3600,
    "app.accounts.jobs.forget_old_events": 24 * 3600,
    "app.common.idempotency.purge_answers": 3600,
    "app.attachments.jobs.sweep_attachments": 24 * 3600,
    "app.exchange.transfer.jobs.check_imports": 1,
    "app.exchange.transfer.jobs.purge_imports": 3600,
    "app.trash.jobs.purge_trash": 24 * 3600,
}

# --- metrics --------------------------------------------------------------------------------------
# What /metrics asks PostgreSQL for, besides what the processes count: the label of the values, where there are several,
# and who knows them.
GAUGES = {
    "doable_database_connections": ("state", "app.common.statements.connections_by_state"),
    "doable_jobs_done": ("", "app.common.jobs.are_done"),
    "doable_job_last_run_timestamp_seconds": ("job", "app.common.jobs.moments_of_last_run"),
    "doable_job_failed": ("job", "app.common.jobs.failures"),
    "doable_mails_waiting": ("", "app.accounts.queries.mail.count_waiting"),
    "doable_mail_longest_wait_seconds": ("", "app.accounts.queries.mail.longest_wait"),
    "doable_imports_waiting": ("", "app.exchange.transfer.queries.imports.count_waiting"),
}

# --- the API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "app.accounts.authentication.BearerAuthentication",
        "app.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["app.common.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["app.common.rendering.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "app.common.rendering.JSONOnly",
    "DEFAULT_METADATA_CLASS": "app.common.rendering.AllowOnly",
    "DEFAULT_SCHEMA_CLASS": "app.common.schema.ProblemAwareSchema",
    "EXCEPTION_HANDLER": "app.common.errors.answer_exception",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Doable",
    "DESCRIPTION": "Lists and todos over HTTP: nothing lost, nothing leaked.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/(api|auth)/",
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": [],  # the one by default names enums, which have names here, and fails at tags of unions
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "string", "format": "uuid"}},
    "TAGS": [
        {"name": "accounts", "description": "Signing up, logging in, sessions, API tokens, the account itself."},
        {"name": "lists", "description": "What todos are kept in."},
        {"name": "todos", "description": "What there is to do."},
        {"name": "attachments", "description": "Files that hang on todos."},
        {"name": "exchange", "description": "Much at once: batches, export and import."},
        {"name": "trash", "description": "What was deleted in the last 30 days."},
    ],
}

# --- time, text, logs -----------------------------------------------------------------------------
TIME_ZONE = "UTC"
DATETIME_FORMAT = "Y-m-d H:i:s"  # what operators read at /admin/, in UTC
USE_TZ = True
USE_I18N = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.ops.logging.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handler would mail or print each error a second time.
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.request": {"level": "ERROR"}},
}

env.refuse_if_faulty()
