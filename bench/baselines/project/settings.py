"""What `startproject` writes, for production: persistent connections, the session table that is there."""

import os

from bench.addresses import database_options

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "bench.baselines.project",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # the one that isn't there at first: the way to 304
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
options = database_options()
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options["dbname"],
        "USER": options["user"],
        "PASSWORD": options["password"],
        "HOST": options["host"],
        "CONN_MAX_AGE": 300,
        "OPTIONS": {"options": "-c jit=off -c max_parallel_workers_per_gather=0"},  # as Doable has it
    },
}
AUTH_USER_MODEL = "project.User"
SESSION_ENGINE = "bench.baselines.project.sessions"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_TZ = True
