"""The first middleware: every request has an id, a cache policy and one line in the log."""

import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from uuid_utils.compat import uuid7

from app.ops.logging import request_id
from app.ops.metrics import count_request

log = logging.getLogger("doable.access")
CHUNK = 64 * 1024
NGINX_ID = re.compile(r"[0-9a-f]{32}")


class OptimizedMiddleware:
    """Take the request id that nginx gave, and log method, route, status and duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id.set(given if NGINX_ID.fullmatch(given) else uuid7().hex)
        response = self.get_response(request)
        read_to_end(request)
        response.headers.setdefault("Cache-Control", cache_policy(request.path))
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            response.headers.pop("Content-Length", None)  # CommonMiddleware's 0 is not the length of the whole
        note(request, response, time.perf_counter() - started)
        return response


def note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count a request, and let the log say of it what is no secret: neither query nor body."""
    method, route, status = request.method or "", route_of(request), response.status_code
    count_request(method, route, status, seconds)
    fields = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 2)}
    log.info("request", extra={"fields": fields})


def read_to_end(request: HttpRequest) -> None:
    """Read what a refusal has left of the body: an answer before its end closes the connection, which nginx keeps."""
    with suppress(OSError):
        while request.read(CHUNK):
            pass


def cache_policy(path: str) -> str:
    """Let nobody but the client itself keep an answer, and nothing keep one of /auth/ or /admin/."""
    return "no-store" if path.startswith(("/auth/", "/admin/")) else "private, no-cache"


def route_of(request: HttpRequest) -> str:
    """Return the pattern of the URL map that a request came by, empty where none fits; never its path."""
    return request.resolver_match.route if request.resolver_match else ""
