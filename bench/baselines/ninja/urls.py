"""The paths."""

from django.urls import path

from bench.baselines.ninja.api import api

urlpatterns = [path("api/", api.urls)]
