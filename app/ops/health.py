"""Whether this process lives, and whether it can do its work."""

from functools import cache
from shutil import disk_usage

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import extend_schema
from redis import Redis, RedisError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.ops.patience import ask

OK, UNREACHABLE = "ok", "unreachable"
REDIS_TIMEOUT = 0.25  # seconds
LEAST_ROOM = 64 * 1024**2  # bytes


@extend_schema(exclude=True)
class Live(APIView):
    """Answers as long as the process does; depends on nothing else."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"status": "live"})


@extend_schema(exclude=True)
class Ready(APIView):
    """Says what works. Without PostgreSQL this is 503; where all but uploads goes on, if slower, `degraded` is 200."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        checks = {**database(), "redis": redis(), "files": files()}
        if checks["database"] != OK or checks["migrations"] != OK:
            return Response({"status": "unavailable", "checks": checks}, status=503, headers={"Retry-After": "2"})
        is_whole = set(checks.values()) == {OK}
        return Response({"status": "ready" if is_whole else "degraded", "checks": checks})


def database() -> dict[str, str]:
    """Say whether PostgreSQL answers, and whether all migrations are applied."""
    state = ask(migrations)
    return {"database": OK if state else UNREACHABLE, "migrations": state or UNREACHABLE}


def migrations() -> str:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else OK


def redis() -> str:
    try:
        redis_client().ping()
    except RedisError:
        return UNREACHABLE
    return OK


@cache
def redis_client() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=REDIS_TIMEOUT, socket_timeout=REDIS_TIMEOUT)


def files() -> str:
    """Say whether MEDIA_ROOT is there and has room for some more attachments."""
    try:
        return OK if disk_usage(settings.MEDIA_ROOT).free >= LEAST_ROOM else "full"
    except OSError:
        return UNREACHABLE
