"""A surface on which everything breaks, in the place of the real one (its error handlers included)."""

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from app.config.urls import handler400, handler404, handler500

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

SECRET = "postgres://doable:open-sesame@db/doable"


def crash(_: HttpRequest) -> NoReturn:
    raise RuntimeError(SECRET)


class Crash(APIView):
    permission_classes = []

    def get(self, _: Request) -> NoReturn:
        raise RuntimeError(SECRET)


urlpatterns = [path("plain/", crash), path("api/", Crash.as_view())]
