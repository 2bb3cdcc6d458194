"""The project, with DRF."""

from bench.baselines.project.settings import *  # noqa: F403 - the way of Django's settings
from bench.baselines.project.settings import INSTALLED_APPS

INSTALLED_APPS += ["rest_framework"]
ROOT_URLCONF = "bench.baselines.drf.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
