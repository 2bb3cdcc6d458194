from django.urls import path

from app.ops import health

urlpatterns = [
    path("live/", health.Live.as_view()),
    path("ready/", health.Ready.as_view()),
]
