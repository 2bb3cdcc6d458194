"""The project, with django-ninja."""

from bench.baselines.project.settings import *  # noqa: F403 - the way of Django's settings

ROOT_URLCONF = "bench.baselines.ninja.urls"
